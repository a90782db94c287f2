package org.imgblstr.protocol.manifest.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.protocol.manifest.DigestStore;
import org.imgblstr.protocol.manifest.ManifestTracks;
import org.imgblstr.sealing.primitive.Hashing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Digests in a file without a name in the folder for temporary files: 32 KiB for each 1024 tracks, which a heap of 128 MiB could not hold for a disk of
 * 1 TiB. The file is made when the first digests come, and is gone when the program ends, however it ends. One thread asks; another one, which the
 * caller lends, reads and writes.
 */
public final class DigestFile implements DigestStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DigestFile.class);

    private static final int CHUNK_BYTES = ManifestTracks.CHUNK_TRACKS * Hashing.DIGEST_BYTES;

    /** Chunks that were fetched and are kept: 2 MiB. */
    private static final int KEPT_CHUNKS = 64;

    private final Path folder;
    private final Executor io;
    private final Runnable onFetched;
    private final Consumer<IOException> onFailed;

    private final Runnable onClosed;

    // Guarded by this object.
    private final Map<Integer, byte[]> unwritten = new LinkedHashMap<>();
    private final Map<Integer, byte[]> fetched = new LinkedHashMap<>();
    private final Set<Integer> asked = new HashSet<>();
    private boolean isClosed;
    private boolean isUsed;

    /** Only on the thread of {@link #io}. */
    private FileChannel file;

    /**
     * @param folder where the file is made
     * @param io runs one piece of work after the other, in order
     * @param onFetched called on the thread of {@code io} when digests that were asked for are there
     * @param onFailed the same, when the file cannot be written or read
     * @param onClosed called once the last piece of work was given to {@code io}
     */
    DigestFile(Path folder, Executor io, Runnable onFetched, Consumer<IOException> onFailed, Runnable onClosed) {
        this.onClosed = onClosed;
        this.folder = folder;
        this.io = io;
        this.onFetched = onFetched;
        this.onFailed = onFailed;
    }

    /** One with a thread of its own, which is made when the first digests come. */
    public static DigestFile onOwnThread(Path folder, Runnable onFetched, Consumer<IOException> onFailed) {
        ExecutorService io = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "imgblstr-digests");
            thread.setDaemon(true);
            return thread;
        });
        return new DigestFile(folder, io, onFetched, onFailed, io::shutdown);
    }

    @Override
    public void put(int chunk, byte[] digests) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isUsed = true;
            unwritten.put(chunk, digests);
        }
        io.execute(() -> write(chunk, digests));
    }

    @Override
    public synchronized byte[] get(int chunk) {
        byte[] here = unwritten.getOrDefault(chunk, fetched.get(chunk));
        if (here == null && !isClosed && asked.add(chunk)) {
            io.execute(() -> fetch(chunk));
        }
        return here;
    }

    private void write(int chunk, byte[] digests) {
        perform(() -> {
            if (file == null) {
                file = openUnnamed(folder);
            }
            ByteBuffer bytes = ByteBuffer.wrap(digests);
            while (bytes.hasRemaining()) {
                file.write(bytes, (long) chunk * CHUNK_BYTES + bytes.position());
            }
            synchronized (this) {
                unwritten.remove(chunk);
            }
        });
    }

    private void fetch(int chunk) {
        perform(() -> {
            ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES);
            while (bytes.hasRemaining()) {
                if (file.read(bytes, (long) chunk * CHUNK_BYTES + bytes.position()) < 0) {
                    throw new DeviceException("the temporary file of digests is too short", 0, null);
                }
            }
            synchronized (this) {
                if (fetched.size() == KEPT_CHUNKS) {
                    fetched.remove(fetched.keySet().iterator().next());
                }
                fetched.put(chunk, bytes.array());
                asked.remove(chunk);
            }
            onFetched.run();
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private void perform(Work work) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
        }
        try {
            work.run();
        } catch (IOException e) {
            onFailed.accept(e);
        }
    }

    private static FileChannel openUnnamed(Path folder) throws IOException {
        Path path = Files.createTempFile(folder, "imgblstr", ".digests");
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(path);
        }
    }

    /** Once; nothing is fetched any more. */
    @Override
    public void close() {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
        }
        if (isUsed) {
            io.execute(this::closeFile);
        }
        onClosed.run();
    }

    private void closeFile() {
        if (file == null) {
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            // It has no name and is not read again: the kernel has it back when the program ends.
            LOG.debug("the temporary file of digests", e);
        }
    }
}
