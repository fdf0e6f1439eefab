package io.perennial.bench.mail;

import io.perennial.bench.lab.Lab;
import io.perennial.launcher.process.LoopbackPort;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A way to the mail server on which each mail's last answer takes some time more, as a distant server's does. */
final class SlowWire implements AutoCloseable {
    private static final String GO_AHEAD = "354";

    private final Vertx vertx;
    private final NetServer server;
    private final NetClient client;
    private final int target;
    private final AtomicLong delay = new AtomicLong();

    private SlowWire(Vertx vertx, int target) {
        this.vertx = vertx;
        this.target = target;
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer().connectHandler(this::accept);
    }

    static SlowWire to(Lab lab, int target) {
        SlowWire wire = new SlowWire(lab.vertx(), target);
        wire.server
                .listen(0, LoopbackPort.HOST)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return wire;
    }

    int port() {
        return server.actualPort();
    }

    void adds(long millis) {
        delay.set(millis);
    }

    private void accept(NetSocket near) {
        near.pause();
        client.connect(target, LoopbackPort.HOST)
                .onFailure(refused -> near.close())
                .onSuccess(far -> {
                    Answers answers = new Answers(near);
                    far.handler(answers::pass);
                    far.closeHandler(end -> near.close());
                    near.closeHandler(end -> far.close());
                    near.handler(far::write);
                    near.resume();
                });
    }

    /** The answers of one connection; only ever touched on its event loop. */
    private final class Answers {
        private final NetSocket near;
        private boolean mailUnderWay;

        private Answers(NetSocket near) {
            this.near = near;
        }

        private void pass(Buffer answer) {
            boolean last = mailUnderWay;
            mailUnderWay = lastLine(answer).startsWith(GO_AHEAD);
            if (last && delay.get() > 0) {
                vertx.setTimer(delay.get(), timer -> near.write(answer));
            } else {
                near.write(answer);
            }
        }

        private static String lastLine(Buffer answer) {
            String text = answer.toString(StandardCharsets.US_ASCII).stripTrailing();
            return text.substring(text.lastIndexOf('\n') + 1);
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
