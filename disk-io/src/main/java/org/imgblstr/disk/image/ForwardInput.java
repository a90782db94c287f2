package org.imgblstr.disk.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.imgblstr.disk.device.DeviceException;

/** Reads an image in order, in large blocks, and hands out views of them. One thread. */
final class ForwardInput {
    /** Where the bytes come from; {@code offset} is always the end of what was read before, so a pipe may ignore it. */
    interface Source {
        /** Reads at least one byte into {@code into}; -1 at the end. */
        int read(ByteBuffer into, long offset) throws IOException;
    }

    /** Read-ahead of a large image: some tens of tracks. */
    private static final int BLOCK_BYTES = 4 << 20;

    /** Read-ahead to begin with: fresh memory is dear, and small images do not need it. */
    private static final int FIRST_BLOCK_BYTES = 16 << 10;

    private final String path;
    private final Source source;
    private ByteBuffer block = ByteBuffer.allocateDirect(FIRST_BLOCK_BYTES).limit(0);
    private long position;

    ForwardInput(String path, Source source) {
        this.path = path;
        this.source = source;
    }

    /** Offset of the byte that is taken next. */
    long position() {
        return position;
    }

    /**
     * The next {@code bytes} bytes, from position 0 to the limit of a view that holds until the next call.
     *
     * @param what for the message when the file ends before
     */
    ByteBuffer take(int bytes, String what) throws IOException {
        ByteBuffer view = peek(bytes, what);
        block.position(block.position() + bytes);
        position += bytes;
        return view;
    }

    /** As {@link #take}, but the bytes will be taken again. */
    ByteBuffer peek(int bytes, String what) throws IOException {
        fill(bytes);
        if (block.remaining() < bytes) {
            throw new MalformedImageException(
                    path,
                    position + block.remaining(),
                    what + ", " + bytes + " bytes from offset " + position + " on",
                    "the end of the file: it is cut short or was not finished");
        }
        return block.slice(block.position(), bytes);
    }

    boolean isAtEnd() throws IOException {
        fill(1);
        return !block.hasRemaining();
    }

    /** The block doubles while the image turns out to be longer than it; what a hostile header claims is not enough. */
    private void makeRoom(int bytes) {
        int capacity = block.capacity();
        if (position >= capacity && capacity < BLOCK_BYTES) {
            capacity *= 2;
        }
        capacity = Math.max(capacity, bytes);
        if (capacity > block.capacity()) {
            block = ByteBuffer.allocateDirect(capacity).put(block);
        } else {
            block.compact();
        }
    }

    private void fill(int bytes) throws IOException {
        if (block.remaining() >= bytes) {
            return;
        }
        makeRoom(bytes);
        try {
            int count = 0;
            while (block.position() < bytes && count >= 0) {
                count = source.read(block, position + block.position());
            }
        } catch (ClosedChannelException | MalformedImageException | DeviceException e) {
            throw e;
        } catch (IOException e) {
            throw new DeviceException(
                    path + ": reading the image failed at offset " + (position + block.position()) + ": "
                            + e.getMessage(),
                    0,
                    e);
        } finally {
            block.flip();
        }
    }
}
