package org.imgblstr.disk.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.image.sealed.BoxCipher;
import org.imgblstr.disk.image.sealed.BoxKey;
import org.imgblstr.disk.image.sealed.ImageLayout;

/** An image file open for reading at any place. Safe for use by several threads. */
final class ImageChannel implements Closeable {
    private static final String IS_FOLDER = "Is a directory; name an image file";

    private final String path;
    private final FileChannel channel;
    private final long sizeBytes;
    private ImageLayout layout = ImageLayout.PLAIN;
    private BoxKey key;
    private BoxCipher cipher;
    private ByteBuffer box = ByteBuffer.allocate(0);

    ImageChannel(Path path) throws IOException {
        this.path = path.toString();
        if (Files.isDirectory(path)) {
            throw new FileSystemException(this.path, null, IS_FOLDER);
        }
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        this.sizeBytes = sizeOf(channel);
    }

    private long sizeOf(FileChannel opened) throws IOException {
        try {
            return opened.size();
        } catch (IOException e) {
            opened.close();
            throw new DeviceException(path + ": the size of the image cannot be read: " + e.getMessage(), 0, e);
        }
    }

    String path() {
        return path;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** What is known of the file from its header. Before anything else than the header is read. */
    void setLayout(ImageLayout known, BoxKey itsKey) {
        layout = known;
        key = itsKey;
        cipher = itsKey == null ? null : itsKey.cipher();
    }

    ImageLayout layout() {
        return layout;
    }

    /** A cipher of its own for one more reader, which closes it; null when the file is not encrypted. */
    BoxCipher newCipher() {
        return key == null ? null : key.cipher();
    }

    /** A source for reading in order, from the first byte. */
    ForwardInput.Source forward() {
        return channel::read;
    }

    /** A new buffer with {@code bytes} bytes from {@code offset} on. */
    ByteBuffer read(long offset, int bytes, String what) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(bytes);
        read(offset, into, what);
        return into.flip();
    }

    /** Fills {@code into} up to its limit. */
    void read(long offset, ByteBuffer into, String what) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int count = readOnce(at, into);
            if (count < 0) {
                throw new MalformedImageException(path, at, what, "the end of the file: it is cut short");
            }
            at += count;
        }
    }

    /** As {@link #read(long, int, String)}, of a part that is a box in an encrypted file. */
    ByteBuffer readPart(long offset, int bytes, BoxCipher.Part part, String what) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(bytes);
        readPart(offset, into, part, what);
        return into.flip();
    }

    /** As {@link #read(long, ByteBuffer, String)}, of a part that is a box in an encrypted file. */
    void readPart(long offset, ByteBuffer into, BoxCipher.Part part, String what) throws IOException {
        if (cipher == null) {
            read(offset, into, what);
        } else {
            readBox(offset, into, part, what);
        }
    }

    private synchronized void readBox(long offset, ByteBuffer into, BoxCipher.Part part, String what)
            throws IOException {
        int bytes = layout.boxBytes(into.remaining());
        if (box.capacity() < bytes) {
            box = ByteBuffer.allocate(bytes);
        }
        read(offset, box.clear().limit(bytes), what);
        ByteBuffer plain = cipher.open(box.flip(), offset, part);
        if (plain == null) {
            throw new MalformedImageException(path, offset, "the box of " + what + " with its tag", "damaged bytes");
        }
        into.put(plain);
    }

    private int readOnce(long offset, ByteBuffer into) throws IOException {
        try {
            return channel.read(into, offset);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw new DeviceException(
                    path + ": reading the image failed at offset " + offset + ": " + e.getMessage(), 0, e);
        }
    }

    @Override
    public void close() throws IOException {
        // First the channel: who reads from now on fails before the cipher is needed.
        channel.close();
        synchronized (this) {
            if (cipher != null) {
                cipher.close();
                key.close();
            }
        }
    }
}
