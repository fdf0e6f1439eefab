package io.perennial.sandbox.issuer;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Somebody who may sign in; what they may do is decided here, not by what the browser sends. */
record DemoUser(String username, String description, List<String> roles, List<String> tenants) {

    static final List<DemoUser> ALL = List.of(
            new DemoUser("admin", "administrator of everything", List.of("admin", "operator", "viewer"), List.of("*")),
            new DemoUser("operator", "support agent, all tenants", List.of("operator", "viewer"), List.of("*")),
            new DemoUser(
                    "acme-operator", "support agent of tenant acme", List.of("operator", "viewer"), List.of("acme")),
            new DemoUser("viewer", "may look, all tenants", List.of("viewer"), List.of("*")));

    static Optional<DemoUser> named(String username) {
        return ALL.stream().filter(user -> user.username().equals(username)).findFirst();
    }

    Map<String, Object> claims() {
        return Map.of("roles", roles, "tenants", tenants, "preferred_username", username, "name", username);
    }
}
