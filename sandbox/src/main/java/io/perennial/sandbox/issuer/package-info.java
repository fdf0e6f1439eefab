/**
 * The OIDC issuer for people and services: mock-oauth2-server behind the JDK's HTTP server, with a login page of demo users.
 * It runs on machine time and has nothing to do with Amazon.
 */
@NullMarked
package io.perennial.sandbox.issuer;

import org.jspecify.annotations.NullMarked;
