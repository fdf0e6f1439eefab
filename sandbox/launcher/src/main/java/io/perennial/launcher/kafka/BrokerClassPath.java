package io.perennial.launcher.kafka;

import io.perennial.launcher.LauncherException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The broker's class path, picked out of the class path of the JVM at hand: in a test that one holds hundreds of other
 * jars. The build writes down which jars the launcher runs with; they are matched by name, since versions are managed
 * in one place.
 */
final class BrokerClassPath {

    private static final String NAMES = "META-INF/perennial/launcher-jars";
    private static final Pattern JAR = Pattern.compile("(.+?)(-\\d[^/]*)?\\.jar");

    private BrokerClassPath() {}

    static String find() {
        Set<String> wanted = wantedNames();
        Set<String> found = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> wanted.contains(nameOf(entry)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (found.stream().noneMatch(entry -> nameOf(entry).equals("kafka_2.13"))) {
            throw new LauncherException("kafka_2.13 is not on the class path of this JVM, so no broker can be started");
        }
        return ownLocation() + File.pathSeparator + String.join(File.pathSeparator, found);
    }

    private static Set<String> wantedNames() {
        try (InputStream in = BrokerClassPath.class.getClassLoader().getResourceAsStream(NAMES)) {
            if (in == null) {
                throw new LauncherException(NAMES + " is missing from the launcher; build it with Maven");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.strip().split("[:;]", -1))
                    .map(BrokerClassPath::nameOf)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new LauncherException("can not read " + NAMES, e);
        }
    }

    static String nameOf(String entry) {
        String file = entry.substring(Math.max(entry.lastIndexOf('/'), entry.lastIndexOf('\\')) + 1);
        Matcher jar = JAR.matcher(file);
        return jar.matches() ? jar.group(1) : file;
    }

    private static String ownLocation() {
        try {
            return Path.of(KafkaNode.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new LauncherException("the launcher does not know where it was loaded from", e);
        }
    }
}
