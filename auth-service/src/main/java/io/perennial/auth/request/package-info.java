/**
 * How requests of the REST API are checked: every fault of a request is found and named by its field, before anything is
 * stored.
 */
@NullMarked
package io.perennial.auth.request;

import org.jspecify.annotations.NullMarked;
