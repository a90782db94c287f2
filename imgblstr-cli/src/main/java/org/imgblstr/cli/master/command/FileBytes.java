package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.imgblstr.disk.file.OutputFile;
import org.imgblstr.disk.pass.RawSink.Destination;

/** A file that takes raw bytes; zeros become holes. */
record FileBytes(OutputFile file) implements Destination {
    @Override
    public void put(ByteBuffer bytes) throws IOException {
        file.put(bytes);
    }

    @Override
    public void putZeros(long count) throws IOException {
        file.putZeros(count);
    }

    @Override
    public void end() throws IOException {
        file.end();
    }
}
