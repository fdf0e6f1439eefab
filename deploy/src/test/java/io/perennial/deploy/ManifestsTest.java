package io.perennial.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
    private static final Pattern SECRET = Pattern.compile(".*(PASSWORD|SECRET|USERNAME|TOKEN|_KEY)");
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
    void no_manifest_contains_a_secret_and_the_mode_is_the_overlays(String overlay) throws Exception {
        List<JsonNode> rendered = render(overlay);

        assertThat(ofKind(rendered, "Secret")).isEmpty();
        assertThat(ofKind(rendered, "ConfigMap")
                        .get("perennial")
                        .at("/data/PERENNIAL_MODE")
                        .asText())
                .as("only on a developer's cluster addresses need no encryption")
                .isEqualTo(overlay.equals("dev") ? "sandbox" : "production");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "production"})
    void secrets_are_files_and_never_in_the_environment(String overlay) throws Exception {
        List<JsonNode> rendered = render(overlay);
        ofKind(rendered, "Deployment").forEach((service, deployment) -> {
            JsonNode pod = deployment.at("/spec/template/spec");
            Map<String, String> environment = environment(pod, ofKind(rendered, "ConfigMap"));

            assertThat(pod.findValues("secretKeyRef")).as(service).isEmpty();
            assertThat(pod.findValues("secretRef")).as(service).isEmpty();
            assertThat(environment.keySet()).as(service).noneMatch(name -> SECRET.matcher(name)
                    .matches());
            for (JsonNode volume : pod.get("volumes")) {
                if (volume.has("projected") || volume.has("secret")) {
                    int mode = volume.findValue("defaultMode").asInt();
                    assertThat(mode & 0337)
                            .as("%s: mode of %s", service, volume)
                            .isZero();
                    assertThat(volume.findValues("optional")).isEmpty();
                    assertThat(named(pod.at("/containers/0/volumeMounts"), volume.get("name"))
                                    .get("readOnly")
                                    .asBoolean())
                            .isTrue();
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "production"})
    void each_secret_that_a_service_needs_is_a_file_that_nothing_overrides(String overlay) throws Exception {
        List<JsonNode> rendered = render(overlay);
        Map<String, JsonNode> deployments = ofKind(rendered, "Deployment");
        for (String service : SERVICES) {
            JsonNode pod = deployments.get(service).at("/spec/template/spec");
            Map<String, String> environment = environment(pod, ofKind(rendered, "ConfigMap"));
            JsonNode mount = null;
            List<String> files = new ArrayList<>();
            for (JsonNode volume : pod.get("volumes")) {
                if (volume.has("projected")) {
                    mount = named(pod.at("/containers/0/volumeMounts"), volume.get("name"));
                    volume.findValues("path").forEach(path -> files.add(path.asText()));
                }
            }

            assertThat(files).as(service).containsExactlyInAnyOrderElementsOf(secretsOf(service));
            assertThat(mount).as(service).isNotNull();
            assertThat(environment)
                    .as(service)
                    .containsEntry(
                            "SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS",
                            mount.get("mountPath").asText());
            Properties own = new Properties();
            try (Reader settings =
                    Files.newBufferedReader(Path.of("..", service, "src/main/resources/application.properties"))) {
                own.load(settings);
            }
            for (String file : files) {
                assertThat(environment)
                        .as("the environment goes before " + file)
                        .doesNotContainKey(file.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
                assertThat(own.stringPropertyNames())
                        .as("application.properties of " + service + " goes before " + file)
                        .doesNotContain(file);
            }
        }
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
        assertThat(Files.readString(Path.of("images/runtime/Containerfile")))
                .contains("USER 10001")
                .contains("-XX:-HeapDumpOnOutOfMemoryError")
                .contains("-XX:-CreateCoredumpOnCrash");
        for (String service : SERVICES) {
            assertThat(Files.readString(Path.of("images", service, "Containerfile")))
                    .contains("FROM perennial/runtime")
                    .contains(service + "/target/quarkus-app/")
                    .contains(service + "/target/sbom.cdx.json");
        }
    }

    private static Set<String> secretsOf(String service) {
        Set<String> all = new TreeSet<>(List.of(
                "quarkus.datasource.username", "quarkus.datasource.password", "perennial.service.client.secret"));
        if (service.equals("notifier")) {
            all.addAll(List.of("quarkus.mailer.username", "quarkus.mailer.password", "perennial.mailboxes.key"));
        }
        if (service.equals("console")) {
            all.addAll(List.of("perennial.console.state.secret", "perennial.console.session.secret"));
        }
        return all;
    }

    private static Map<String, String> environment(JsonNode pod, Map<String, JsonNode> configMaps) {
        Map<String, String> all = new TreeMap<>();
        for (String kind : List.of("initContainers", "containers")) {
            for (JsonNode container : pod.path(kind)) {
                for (JsonNode from : container.path("envFrom")) {
                    configMaps
                            .get(from.at("/configMapRef/name").asText())
                            .get("data")
                            .properties()
                            .forEach(field ->
                                    all.put(field.getKey(), field.getValue().asText()));
                }
                container
                        .path("env")
                        .forEach(variable -> all.put(
                                variable.get("name").asText(),
                                variable.path("value").asText()));
            }
        }
        return all;
    }

    private static JsonNode named(JsonNode list, JsonNode name) {
        for (JsonNode element : list) {
            if (element.get("name").equals(name)) {
                return element;
            }
        }
        throw new AssertionError("Nothing is named " + name + " in " + list);
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
