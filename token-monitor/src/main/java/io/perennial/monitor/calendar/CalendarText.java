package io.perennial.monitor.calendar;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/** The calendar in the words of another program. */
abstract class CalendarText implements MessageBodyWriter<ExpiryCalendar> {
    abstract String told(ExpiryCalendar calendar);

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type == ExpiryCalendar.class;
    }

    @Override
    public void writeTo(
            ExpiryCalendar calendar,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream body)
            throws IOException {
        body.write(told(calendar).getBytes(StandardCharsets.UTF_8));
    }
}
