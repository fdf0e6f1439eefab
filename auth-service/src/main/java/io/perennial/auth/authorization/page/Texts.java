package io.perennial.auth.authorization.page;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** What merchants read, in English; other languages are in {@code messages/texts_<tag>.properties}. */
@MessageBundle(value = "texts", locale = "en")
public interface Texts {
    @Message("Connect your Amazon account")
    String connectTitle();

    @Message("Renew your Amazon connection")
    String renewTitle();

    @Message("{#if integrator == tenant}{tenant} asks for your permission to work with your Amazon seller account."
            + "{#else}{integrator} asks you to allow {tenant} to work with your Amazon seller account.{/if}")
    String connectLead(String integrator, String tenant);

    @Message("{#if integrator == tenant}{tenant} is connected with your Amazon seller account."
            + "{#else}{integrator} keeps the connection between {tenant} and your Amazon seller account.{/if}"
            + " Amazon wants you to confirm it once a year. It takes about a minute.")
    String renewLead(String integrator, String tenant);

    @Message("{#if integrator == tenant}{tenant} asks for your permission to work with your Amazon advertising account."
            + "{#else}{integrator} asks you to allow {tenant} to work with your Amazon advertising account.{/if}")
    String connectAdvertisingLead(String integrator, String tenant);

    @Message("{#if integrator == tenant}{tenant} is connected with your Amazon advertising account."
            + "{#else}{integrator} keeps the connection between {tenant} and your Amazon advertising account.{/if}"
            + " Amazon wants you to confirm it once a year. It takes about a minute.")
    String renewAdvertisingLead(String integrator, String tenant);

    @Message("Sign in with a login that may edit the advertising of exactly this account.")
    String adviceAdvertiser();

    @Message("Choose what to connect")
    String chooseProfilesTitle();

    @Message("One more step: your login opens these advertising profiles. Tick those that belong to this connection.")
    String chooseProfilesText();

    @Message("These advertising profiles are connected. You can change the choice here.")
    String profilesChosenText();

    @Message("Advertising profiles")
    String profiles();

    @Message("Connect the ticked profiles")
    String chooseProfiles();

    @Message("Change the choice")
    String changeProfiles();

    @Message("Amazon does not list this profile for your login any more: nothing can be read from it.")
    String profileLost();

    @Message("Belongs to another connection already.")
    String profileHeld();

    @Message("Amazon lists no advertising for this login")
    String noProfilesTitle();

    @Message(
            "{#if region == 'NA'}This connection is for North America. If you advertise in Europe or the Far East, ask for the"
                    + " link of that region.{#else if region == 'EU'}This connection is for Europe. If you advertise in North America"
                    + " or the Far East, ask for the link of that region.{#else}This connection is for the Far East. If you"
                    + " advertise in North America or Europe, ask for the link of that region.{/if}")
    String noProfilesRegion(String region);

    @Message(
            "Or your login may look at the advertising but not edit it. An administrator of the advertising account can"
                    + " give you the right to edit.")
    String noProfilesRights();

    @Message("Nothing was changed. Sign out at Amazon before you try with another login.")
    String noProfilesHelp();

    @Message("{#if integrator == tenant}{tenant} asks for your permission to work with your Amazon vendor account."
            + "{#else}{integrator} asks you to allow {tenant} to work with your Amazon vendor account.{/if}")
    String connectVendorLead(String integrator, String tenant);

    @Message("{#if integrator == tenant}{tenant} is connected with your Amazon vendor account."
            + "{#else}{integrator} keeps the connection between {tenant} and your Amazon vendor account.{/if}"
            + " Amazon wants you to confirm it once a year. It takes about a minute.")
    String renewVendorLead(String integrator, String tenant);

    @Message("Sign in with the main Vendor Central credentials of exactly this account.")
    String adviceVendor();

    @Message("Account to sign in with")
    String expectedAccount();

    /** What Amazon calls the id of an account of this kind. */
    @Message(
            "{#switch provider}{#case 'AMAZON_VENDOR'}Vendor group{#case 'AMAZON_ADS'}Advertising account{#else}Seller id{/switch}")
    String accountId(String provider);

    @Message("Your choice: you will be asked to confirm the store afterwards.")
    String anyAccount();

    @Message("Connection")
    String connectionLabel();

    @Message("Marketplace")
    String marketplace();

    @Message("Valid until")
    String validUntil();

    @Message("Ended on")
    String endedOn();

    @Message("Continue to Amazon")
    String continueToAmazon();

    @Message("Before you continue")
    String beforeYouContinue();

    @Message(
            "Sign in with the main Seller Central credentials of exactly this account, not with those of Amazon Payments.")
    String adviceAccount();

    @Message(
            "Only the primary user of the Amazon account can authorize. If that is somebody else, forward this page's address to them.")
    String advicePrimaryUser();

    @Message("The account needs a Professional selling plan.")
    String advicePlan();

    @Message(
            "Log out of every other Amazon account first, or open this page in a private window. With several sessions Amazon may show a blank page or connect the wrong account.")
    String adviceSessions();

    @Message("Allow pop-up windows for Amazon while you do this.")
    String advicePopUps();

    @Message("On Amazon's page scroll down to the checkbox, tick it and confirm.")
    String adviceCheckbox();

    @Message("After Amazon you come back here and see that it worked.")
    String adviceReturn();

    @Message("Already connected")
    String alreadyConnected();

    @Message("This account is connected. There is nothing left to do.")
    String nothingToDo();

    @Message("This link has ended. Please ask for a new one.")
    String linkEnded();

    @Message("This connection was given up. Please ask if you think that is a mistake.")
    String connectionGone();

    @Message("Questions?")
    String questions();

    @Message("Please ask {tenant} and mention the reference number.")
    String askTenant(String tenant);

    @Message("Amazon shows a code or a blank page?")
    String amazonCodes();

    @Message("Reference number")
    String reference();

    @Message("This link is not known")
    String unknownLinkTitle();

    @Message(
            "It may be incomplete, or it ended. Please copy the whole address from the message, or ask for a new link.")
    String unknownLinkText();

    @Message("This can not be continued")
    String refusedTitle();

    @Message(
            "The answer from Amazon does not fit any connection that was started here, or it is too old. Nothing was changed. Please open your link again and start anew.")
    String unknownStateText();

    @Message(
            "This connection was started in another browser or window. Please finish it there, or open your link again here and start anew.")
    String otherBrowserText();

    @Message("This page was not sent from here, or cookies are switched off. Please open your link again.")
    String forgedText();

    @Message("Too many attempts")
    String tooManyTitle();

    @Message(
            "This connection was started many times in the last minutes. Please wait ten minutes and open your link again.")
    String tooManyText();

    @Message("Paused for the moment")
    String pausedTitle();

    @Message(
            "The integrator has paused authorizations for this application. Nothing was changed, and nothing was sent to Amazon. Please try again later; a link that you were sent stays good.")
    String pausedText();

    @Message("This answer was used before")
    String usedTitle();

    @Message("Each answer from Amazon counts once. If you just confirmed, see what became of it.")
    String usedText();

    @Message("See the result")
    String seeResult();

    @Message("Received, being checked")
    String checkingTitle();

    @Message(
            "Amazon's confirmation has arrived and is safe. We are checking it with Amazon. This page renews itself; you may also close it, we go on.")
    String checkingText();

    @Message("Received, being checked by a person")
    String reviewTitle();

    @Message(
            "Amazon's confirmation has arrived and is safe. Amazon does not show us whether it is from the right account, so {tenant} looks at it. You need not do anything; you will be told if something is missing.")
    String reviewText(String tenant);

    @Message("Until then everything stays as it was.")
    String reviewFormer();

    @Message("You are connected")
    String connectedTitle();

    @Message("{tenant} is connected with {account}.")
    String connectedText(String tenant, String account);

    @Message("You may close this window.")
    String mayClose();

    @Message("The connection is valid until {date}. We will remind you in time.")
    String connectedUntil(String date);

    @Message("Back to {tenant}")
    String backTo(String tenant);

    @Message("Is this the right store?")
    String confirmTitle();

    @Message("Connect the store {store} (id {id}) to {label}?")
    String confirmText(String store, String id, String label);

    @Message("Yes, connect this store")
    String confirmYes();

    @Message("No, it is another one")
    String confirmNo();

    @Message("That was another account")
    String wrongAccountTitle();

    @Message(
            "You signed in to Amazon with another account than the one of this connection. Nothing was changed; the former connection stays as it was.")
    String wrongAccountText();

    @Message("Expected was the account {account}.")
    String wrongAccountExpected(String account);

    @Message(
            "Amazon remembers the last sign-in. Log out of Amazon, or open your link in a private window, and sign in with the right account.")
    String wrongAccountHelp();

    @Message(
            "If you are sure that it is the right account, for example because the store was renamed, please contact the support with the reference number below.")
    String wrongAccountSure();

    @Message("The account you signed in with ({id}) has a connection of its own here. You can renew that one instead.")
    String wrongAccountOther(String id);

    @Message("Renew the connection of {id} instead")
    String renewOther(String id);

    @Message("This account is already connected")
    String duplicateTitle();

    @Message("Another connection of {tenant} already uses this Amazon account. Nothing was changed.")
    String duplicateText(String tenant);

    @Message("This account can not be connected")
    String accountNotAllowedTitle();

    @Message(
            "This Amazon account can not be connected here. Nothing was changed. Please contact the support with the reference number below.")
    String accountNotAllowed();

    @Message("If you meant another account, log out of Amazon or use a private window, and try again.")
    String duplicateHelp();

    @Message("Not connected")
    String deniedTitle();

    @Message("The authorization was not given. Nothing was changed. You can try again at any time.")
    String deniedText();

    @Message("That did not work")
    String failedTitle();

    @Message(
            "Amazon did not accept the authorization. Nothing was changed. Please try again; it often works the second time.")
    String failedText();

    @Message(
            "The confirmation was received and checked, but it was not accepted. Nothing was changed; what worked before still works. Please try again, or ask {tenant} with the reference number below.")
    String notAcceptedText(String tenant);

    @Message(
            "Amazon did not answer, so we do not know whether the authorization arrived. Nothing was changed here. Please try again.")
    String unknownText();

    @Message("This attempt has ended. Nothing was changed. Please try again.")
    String abandonedText();

    @Message("Try again")
    String tryAgain();

    @Message("Continue to Amazon")
    String loginTitle();

    @Message("Amazon brought you here to authorize the account {account}. Press the button to finish at Amazon.")
    String loginText(String account);

    @Message(
            "This page is opened by Amazon, with more than its address says now. Please start again in Seller Central or Vendor Central, or open your link.")
    String unknownEntryText();

    @Message("One more step")
    String againTitle();

    @Message(
            "Amazon sent you here for the account {account}, but without what ties its answer to this browser. So we did not use it. Choose where your account is and confirm once more.")
    String againText(String account);

    @Message("{#switch code}{#case 'NA'}North America{#case 'EU'}Europe{#case 'FE'}Far East{/switch}")
    String region(String code);

    @Message("Amazon has your permission")
    String unclaimedTitle();

    @Message(
            "The account {account} is authorized. We do not know yet whom it belongs to here, so nothing is read from it.")
    String unclaimedText(String account);

    @Message(
            "Open the link that you were given in this browser and use the permission there, or tell your provider the number {reference}.")
    String unclaimedHow(String reference);

    @Message("This waits until {date}. After that it is deleted.")
    String unclaimedUntil(String date);

    @Message("There is nothing waiting here")
    String unclaimedEndedTitle();

    @Message(
            "The permission was used, was replaced by a later one, or did not arrive. If something is missing, start again at Amazon or open your link.")
    String unclaimedEndedText();

    @Message("Use the permission that you just gave for {store}")
    String claim(String store);

    @Message("Back again")
    String tick();

    @Message("Next: {label} ({region})")
    String next(String label, String region);

    @Message("Sign out at Amazon before you go on: it remembers the account that you have just used.")
    String nextSignOut();

    @Message("Account to sign in with for the next one: {account}, {place}.")
    String nextAccount(String account, String place);

    @Message(
            "Account to sign in with for the next one ({label}, {place}): your choice. You will be asked to confirm the"
                    + " store afterwards.")
    String nextAnyAccount(String label, String place);

    @Message("Check now")
    String checkNow();

    @Message("I have already renewed")
    String renewedQuestion();

    @Message("Expiration date that Amazon shows under Manage Your Apps (if you can see it)")
    String renewedDate();

    @Message("Check now")
    String renewedSay();

    @Message("Thank you, we have noted it")
    String renewedTitle();

    @Message(
            "The reminders that are open now are dropped. If Amazon shows another end date than we do, the support compares"
                    + " the two.")
    String renewedText();

    @Message(
            "A renewal that was made on this page shows here at once. One that was made elsewhere at Amazon may not reach us:"
                    + " if in doubt, renew once more here. It does no harm, and the new year begins today.")
    String renewedElsewhereText();

    @Message("Amazon still refuses the access that we hold")
    String renewedRefusedTitle();

    @Message("We asked Amazon just now. Please renew once more on our page, with exactly the account that it names.")
    String renewedRefusedText();

    @Message("Back to the page")
    String renewedBack();
}
