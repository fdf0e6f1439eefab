package io.perennial.bench.lab;

import io.smallrye.config.ConfigMapping;
import jakarta.inject.Inject;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts parts of a service together in the process of a benchmark as its container does: by their constructors, settings by
 * their defaults. What a service needs from outside is given.
 */
public final class Wiring {
    private final Map<Class<?>, Object> parts = new HashMap<>();

    /** What stands for a type. */
    public <T> Wiring with(Class<T> type, T part) {
        parts.put(type, part);
        return this;
    }

    /** The part of a type, made when it is asked for the first time. */
    public <T> T get(Class<T> type) {
        Object known = parts.get(type);
        if (known != null) {
            return type.cast(known);
        }
        T made = type.isAnnotationPresent(ConfigMapping.class) ? ServiceSettings.of(type, Map.of()) : made(type);
        parts.put(type, made);
        return made;
    }

    private <T> T made(Class<T> type) {
        try {
            Constructor<?> constructor = constructor(type);
            constructor.setAccessible(true);
            Object[] needs = Arrays.stream(constructor.getParameterTypes())
                    .map(this::get)
                    .toArray();
            return type.cast(constructor.newInstance(needs));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The benchmark can not make a " + type.getSimpleName(), e);
        }
    }

    private static Constructor<?> constructor(Class<?> type) {
        List<Constructor<?>> all = List.of(type.getDeclaredConstructors());
        return all.stream()
                .filter(one -> all.size() == 1 || one.isAnnotationPresent(Inject.class))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The benchmark has to be given a " + type.getName()));
    }
}
