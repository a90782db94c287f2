package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.cli.master.run.Watch;
import org.imgblstr.disk.pass.RawSink.Destination;

/** Tells a watch how many of the bytes have gone to a destination. */
final class CountedBytes implements Destination {
    private final Destination destination;
    private final long totalBytes;
    private final Watch watch;
    private long doneBytes;

    CountedBytes(Destination destination, long totalBytes, Watch watch) {
        this.destination = destination;
        this.totalBytes = totalBytes;
        this.watch = watch;
    }

    @Override
    public void put(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        destination.put(bytes);
        add(count);
    }

    @Override
    public void putZeros(long count) throws IOException {
        destination.putZeros(count);
        add(count);
    }

    @Override
    public void end() throws IOException {
        destination.end();
    }

    private void add(long bytes) {
        doneBytes += bytes;
        watch.onFileProgress(doneBytes, totalBytes);
    }
}
