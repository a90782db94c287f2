package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import org.imgblstr.disk.pass.RawSink;
import org.imgblstr.disk.pass.RawSink.Destination;

/** Standard output that takes raw bytes. It keeps its failures to itself, so it is asked after each piece: a reader that has ended ends the export. */
final class PipedBytes implements Destination {
    private static final long MOST_ZEROS = 16 << 20;

    private final PrintStream out;
    private final Destination stream;

    PipedBytes(PrintStream out) {
        this.out = out;
        this.stream = RawSink.toStream(out);
    }

    @Override
    public void put(ByteBuffer bytes) throws IOException {
        stream.put(bytes);
        check();
    }

    @Override
    public void putZeros(long count) throws IOException {
        for (long left = count; left > 0; left -= Math.min(left, MOST_ZEROS)) {
            stream.putZeros(Math.min(left, MOST_ZEROS));
            check();
        }
    }

    @Override
    public void end() throws IOException {
        stream.end();
        check();
    }

    private void check() throws FileSystemException {
        if (out.checkError()) {
            throw new FileSystemException(
                    "standard output", null, "writing failed; is the program that reads it still running?");
        }
    }
}
