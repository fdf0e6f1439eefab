package io.perennial.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmbiguousPathsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/apps;x",
                "/api;x/apps",
                "/api%2Fapps",
                "/api%2fapps",
                "/api%5Capps",
                "/api\\apps",
                "//api/apps",
                "/api//apps",
                "/api/%3Bx",
                "/api/./apps",
                "/api/../apps",
                "/api/%2e%2e/apps",
                "/api/apps%00"
            })
    void path_that_two_layers_may_read_differently_is_ambiguous(String path) {
        assertThat(AmbiguousPaths.isAmbiguous(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/apps",
                "/api/connections/01990000-0000-7000-8000-000000000001",
                "/connect/a_b-c",
                "/static/htmx.min.js"
            })
    void plain_path_is_not(String path) {
        assertThat(AmbiguousPaths.isAmbiguous(path)).isFalse();
    }
}
