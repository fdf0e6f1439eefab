/**
 * The events that Perennial's services publish, the topics they travel on, and their encoding as CloudEvents.
 *
 * <p>This module is the only thing all services share. A record here names every field that leaves a service, so nothing
 * can leak by accident: no event carries a token, code, secret, mail address or link. Within a major version fields are
 * only added; readers ignore fields they do not know.
 */
@NullMarked
package io.perennial.contracts;

import org.jspecify.annotations.NullMarked;
