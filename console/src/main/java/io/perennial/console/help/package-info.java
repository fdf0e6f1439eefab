/** What a person has to know about Amazon to help a merchant. */
@NullMarked
package io.perennial.console.help;

import org.jspecify.annotations.NullMarked;
