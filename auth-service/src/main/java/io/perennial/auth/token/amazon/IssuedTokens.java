package io.perennial.auth.token.amazon;

import io.perennial.secret.AccessToken;
import io.perennial.secret.RefreshToken;
import java.time.Duration;

/** What the provider gave for an authorization code or a refresh token. */
public record IssuedTokens(AccessToken accessToken, RefreshToken refreshToken, Duration accessLife) {}
