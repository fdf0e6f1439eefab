package io.perennial.fetch.report;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** Lines of a stream: not more bytes of it than allowed, and of one line not more than a line can sensibly have. */
final class LimitedLines {
    static final int LONGEST_LINE = 64 * 1024;

    private final InputStream input;
    private final Charset charset;
    private long left;

    LimitedLines(InputStream input, Charset charset, long limit) {
        this.input = new BufferedInputStream(input);
        this.charset = charset;
        this.left = limit;
    }

    /** There is more than allowed. */
    static final class TooMuch extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The next line; null at the end. A line that is too long ends where it becomes so, its rest is skipped.
     *
     * @throws TooMuch when the limit is reached before the end
     */
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        int read = read();
        if (read < 0) {
            return null;
        }
        while (read >= 0 && read != '\n') {
            if (line.size() < LONGEST_LINE) {
                line.write(read);
            }
            read = read();
        }
        String text = line.toString(charset);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private int read() throws IOException {
        int read = input.read();
        if (read >= 0 && --left < 0) {
            throw new TooMuch();
        }
        return read;
    }
}
