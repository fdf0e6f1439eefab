package io.perennial.notify.email;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The connections of the mail client, guarded at the one line that hands a mail over: its final dot.
 *
 * <p>The mail client tells of a lost connection alike in every phase, has no time limit of its own, and goes on with a mail
 * that nobody waits for any more as soon as the server speaks again. Only a mail whose final dot was written may have been
 * taken (RFC 5321 4.1.1.4). So each mail carries a line that names its {@link MailAttempt} and never leaves the house, and
 * the dot is written only if that attempt has not been given up; else the connection ends, and the server forgets the mail.
 */
final class MailWire {
    /** The header that names the attempt. */
    static final String ATTEMPT = "X-Perennial-Attempt";

    private static final Pattern ATTEMPT_LINE = Pattern.compile("(?m)^" + ATTEMPT + ": (\\S+)\r\n");
    private static final String FINAL_DOT = ".\r\n";

    private final Function<String, Optional<MailAttempt>> attempts;
    private final int patience;

    /**
     * @param attempts by the name in the header; empty for one that is over
     * @param patience how long a server may be silent before its connection ends
     */
    MailWire(Function<String, Optional<MailAttempt>> attempts, Duration patience) {
        this.attempts = attempts;
        this.patience = Math.toIntExact(patience.toSeconds());
    }

    /** The same Vert.x, whose network clients are guarded. */
    Vertx over(Vertx vertx) {
        return standIn(Vertx.class, (self, method, arguments) -> {
            if (method.getName().equals("createNetClient") && arguments != null && arguments.length == 1) {
                return over(vertx.createNetClient(
                        new NetClientOptions((NetClientOptions) arguments[0]).setReadIdleTimeout(patience)));
            }
            return answer(vertx, self, method, arguments);
        });
    }

    private NetClient over(NetClient client) {
        return standIn(NetClient.class, (self, method, arguments) -> {
            if (!method.getName().equals("connect")) {
                return answer(client, self, method, arguments);
            }
            if (answer(client, self, method, arguments) instanceof Future<?> connected) {
                return connected.map(socket -> over((NetSocket) socket));
            }
            throw new IllegalStateException("The mail client connects in a way that is not guarded");
        });
    }

    private NetSocket over(NetSocket socket) {
        Guard guard = new Guard();
        return standIn(NetSocket.class, (self, method, arguments) -> {
            if (!method.getName().equals("write") || !(arguments[0] instanceof String line)) {
                return answer(socket, self, method, arguments);
            }
            Optional<String> allowed = guard.allowed(line);
            if (allowed.isEmpty()) {
                socket.close();
                return refused(method, arguments);
            }
            arguments[0] = allowed.get();
            return answer(socket, self, method, arguments);
        });
    }

    /** Used by one connection, on its event loop. */
    private final class Guard {
        private @Nullable MailAttempt current;

        /** What may be written of this line, if anything. */
        Optional<String> allowed(String line) {
            if (line.equals(FINAL_DOT)) {
                MailAttempt ending = current;
                current = null;
                return ending != null && ending.handOver() ? Optional.of(line) : Optional.empty();
            }
            Matcher named = ATTEMPT_LINE.matcher(line);
            if (current != null || !named.find()) {
                return Optional.of(line);
            }
            Optional<MailAttempt> attempt = attempts.apply(named.group(1));
            current = attempt.orElse(null);
            return attempt.map(known -> named.replaceFirst(""));
        }
    }

    private static @Nullable Object refused(Method method, Object[] arguments) {
        Future<Void> refused = Future.failedFuture(new IOException("The mail was given up"));
        if (method.getReturnType() == Future.class) {
            return refused;
        }
        @SuppressWarnings("unchecked")
        Handler<AsyncResult<Void>> handler = (Handler<AsyncResult<Void>>) arguments[arguments.length - 1];
        handler.handle(refused);
        return null;
    }

    private static <T> T standIn(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object answer(Object real, Object self, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            Object answer = method.invoke(real, arguments);
            return answer == real ? self : answer;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
