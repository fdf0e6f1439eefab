package io.perennial.fetch.profiles;

import io.perennial.fetch.orders.ProviderAnswer;
import java.util.Map;

/** All profiles that a token opens in a region, by id; none where the account has nothing there. */
public record ListedProfiles(Map<String, AdProfile> byId) implements ProviderAnswer.Content {}
