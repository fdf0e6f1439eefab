package io.perennial.launcher.kafka;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** One line per warning or error, with the stack where there is one. */
final class QuietLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1L;
    private static final Level LOWEST = Level.valueOf(System.getProperty("perennial.log.level", "WARN"));

    QuietLogger(String name) {
        this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
        return enabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return enabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return enabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return enabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return enabled(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    @SuppressWarnings("CatchAndPrintStackTrace")
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        String message = MessageFormatter.basicArrayFormat(pattern, arguments);
        synchronized (System.err) {
            System.err.println(Instant.now() + " " + level + " " + name + " " + message);
            if (failure != null) {
                failure.printStackTrace(System.err);
            }
        }
    }

    private static boolean enabled(Level level) {
        return level.toInt() >= LOWEST.toInt();
    }
}
