package io.perennial.contracts;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses an event in which a field that is not {@link Nullable} is missing. */
final class RequiredFields {
    private record Field(String name, Method accessor, boolean nullable) {}

    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(c -> new Field(
                            c.getName(), c.getAccessor(), c.getAnnotatedType().isAnnotationPresent(Nullable.class)))
                    .toList();
        }
    };

    private RequiredFields() {}

    static void check(Object value) {
        for (Field field : FIELDS.get(value.getClass())) {
            Object content = read(field.accessor(), value);
            if (content == null) {
                if (!field.nullable()) {
                    throw new UnreadableEventException("Field " + field.name() + " is missing");
                }
            } else if (content.getClass().isRecord()) {
                check(content);
            } else if (content instanceof List<?> list) {
                list.stream()
                        .filter(item -> item != null && item.getClass().isRecord())
                        .forEach(RequiredFields::check);
            }
        }
    }

    private static @Nullable Object read(Method accessor, Object value) {
        try {
            return accessor.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("A record's accessor can not be called: " + accessor, e);
        }
    }
}
