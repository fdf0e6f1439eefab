/**
 * Campaigns: many merchants are asked to authorize again, because a role was added, because nobody knows when their grants
 * end, or because the consent is missing. One link and one mail for each contact, paced, stopped and resumed by people.
 */
@NullMarked
package io.perennial.auth.campaign;

import org.jspecify.annotations.NullMarked;
