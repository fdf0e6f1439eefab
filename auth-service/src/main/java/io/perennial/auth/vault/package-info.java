/**
 * Seals secrets and opens them again: a data key per secret holder, wrapped by a key of its tenant, wrapped by a
 * key-encryption key that lives in a file. What is sealed for one place opens in no other.
 */
@NullMarked
package io.perennial.auth.vault;

import org.jspecify.annotations.NullMarked;
