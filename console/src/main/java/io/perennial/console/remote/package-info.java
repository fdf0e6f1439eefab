/**
 * Commands and questions to the services, always with the access token of the person who is signed in: what that person
 * may do is decided there. An answer is a value; a service that does not answer is one of the answers.
 */
@NullMarked
package io.perennial.console.remote;

import org.jspecify.annotations.NullMarked;
