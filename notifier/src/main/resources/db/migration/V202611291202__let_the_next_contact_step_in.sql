comment on column reminder.place is 'Which contact by order, counted from 0: 1 only where the mail escalates, from 2 on for one who steps in where a mailbox does not exist.';
