/**
 * A listing tool that pauses a merchant's sync while Amazon refuses the access, and resumes it when it is back. It knows
 * Perennial by its topics alone: CloudEvents headers and JSON, no code of Perennial.
 */
@NullMarked
package io.perennial.example.listingsync;

import org.jspecify.annotations.NullMarked;
