package io.perennial.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
    private static final List<String> SERVICES =
            List.of("auth-service", "token-monitor", "fetch-orchestrator", "notifier", "console");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern RESOURCE = Pattern.compile("@Path\\(\"(/api/[a-z-]+|/connect|/oauth|/unsubscribe)");

    @ParameterizedTest
    @ValueSource(strings = {"dev", "production"})
    void every_service_is_deployed_restricted_and_probed(String overlay) throws Exception {
        Map<String, JsonNode> deployments = ofKind(render(overlay), "Deployment");

        assertThat(deployments.keySet()).containsExactlyInAnyOrderElementsOf(SERVICES);
        deployments.forEach((name, deployment) -> {
            JsonNode pod = deployment.at("/spec/template/spec");
            JsonNode container = pod.at("/containers/0");
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                    .isEqualTo("ALL");
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                assertThat(container.at("/" + probe + "/httpGet/port").asText()).isEqualTo("management");
            }
            assertThat(container.at("/resources/limits/memory").isTextual()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "production"})
    void secrets_are_referenced_and_never_contained(String overlay) throws Exception {
        List<JsonNode> rendered = render(overlay);

        assertThat(ofKind(rendered, "Secret")).isEmpty();
        ofKind(rendered, "Deployment").values().forEach(deployment -> deployment
                .at("/spec/template/spec/containers/0/env")
                .forEach(variable -> {
                    if (variable.get("name").asText().matches(".*(PASSWORD|SECRET|USERNAME)")) {
                        assertThat(variable.at("/valueFrom/secretKeyRef/name").isTextual())
                                .as(variable.toString())
                                .isTrue();
                    }
                }));
        assertThat(ofKind(rendered, "ConfigMap")
                        .get("perennial")
                        .at("/data/PERENNIAL_MODE")
                        .asText())
                .as("only on a developer's cluster addresses need no encryption")
                .isEqualTo(overlay.equals("dev") ? "sandbox" : "production");
    }

    @Test
    void production_runs_two_of_each_behind_tls() throws Exception {
        List<JsonNode> rendered = render("production");

        assertThat(ofKind(rendered, "Deployment").values())
                .allSatisfy(d -> assertThat(d.at("/spec/replicas").asInt()).isEqualTo(2));
        assertThat(ofKind(rendered, "PodDisruptionBudget").keySet()).containsExactlyInAnyOrderElementsOf(SERVICES);
        assertThat(ofKind(rendered, "Ingress")
                        .get("perennial")
                        .at("/spec/tls/0/secretName")
                        .asText())
                .isEqualTo("perennial-tls");
    }

    @Test
    void ingress_routes_every_resource_of_every_service_to_it() throws Exception {
        Map<String, String> routes = new TreeMap<>();
        ofKind(render("production"), "Ingress")
                .get("perennial")
                .at("/spec/rules/0/http/paths")
                .forEach(route -> routes.put(
                        route.get("path").asText(),
                        route.at("/backend/service/name").asText()));

        assertThat(routes).containsEntry("/", "console");
        for (String service : SERVICES) {
            for (String path : resources(Path.of("..", service, "src/main/java"))) {
                if (!service.equals("console")) {
                    assertThat(routes).as("route of " + path).containsEntry(path, service);
                }
            }
        }
    }

    @Test
    void every_service_has_an_image_that_runs_unprivileged() throws IOException {
        assertThat(Files.readString(Path.of("images/runtime/Containerfile"))).contains("USER 10001");
        for (String service : SERVICES) {
            assertThat(Files.readString(Path.of("images", service, "Containerfile")))
                    .contains("FROM perennial/runtime")
                    .contains(service + "/target/quarkus-app/");
        }
    }

    private static List<String> resources(Path sources) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                Matcher matcher = RESOURCE.matcher(Files.readString(file));
                while (matcher.find()) {
                    found.add(matcher.group(1));
                }
            }
        }
        return found;
    }

    private static List<JsonNode> render(String overlay) throws IOException, InterruptedException {
        Process kustomize;
        try {
            kustomize = new ProcessBuilder("kubectl", "kustomize", "overlays/" + overlay)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "No kubectl here: the manifests are not rendered");
            throw e;
        }
        List<JsonNode> documents = new ArrayList<>();
        YAML.readerFor(JsonNode.class)
                .<JsonNode>readValues(kustomize.getInputStream())
                .forEachRemaining(documents::add);
        assertThat(kustomize.waitFor())
                .as("kubectl kustomize overlays/" + overlay)
                .isZero();
        return documents;
    }

    private static Map<String, JsonNode> ofKind(List<JsonNode> documents, String kind) {
        Map<String, JsonNode> found = new TreeMap<>();
        for (JsonNode document : documents) {
            if (document.get("kind").asText().equals(kind)) {
                found.put(document.at("/metadata/name").asText(), document);
            }
        }
        return found;
    }
}
