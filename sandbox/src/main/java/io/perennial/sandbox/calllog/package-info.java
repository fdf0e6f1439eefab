/**
 * The durable log of every call that reached the stand-in for Amazon. A resource fills in the request's {@link
 * io.perennial.sandbox.calllog.CallRecord}, a filter writes the row; no secret can be put into it.
 */
@NullMarked
package io.perennial.sandbox.calllog;

import org.jspecify.annotations.NullMarked;
