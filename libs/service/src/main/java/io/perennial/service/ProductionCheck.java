package io.perennial.service;

import java.util.List;

/** What a service of its own refuses to run with in production. Asked at start, when the database is up, in production alone. */
public interface ProductionCheck {
    /** One line for each fault, with the setting or the field, its value and the remedy. */
    List<String> refusals();
}
