package org.imgblstr.disk.filesystem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.disk.text.PlainText;

/**
 * File systems that only partclone knows: f2fs, HFS+ and Minix, when it is installed. Recognising them and telling that they were cleanly
 * unmounted is done here; what is used tells partclone's domain map (option -D, the format of ddrescue's map files), of which every line must be as
 * expected. Sources: Linux, Documentation/filesystems/f2fs and include/linux/f2fs_fs.h; Apple, Technical Note TN1150; Linux, minix_fs.h; GNU
 * ddrescue's manual, "Mapfile structure".
 */
public final class PartcloneReader implements FileSystemReader {
    private static final List<Path> FOLDERS = List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"));

    /** It reads bitmaps only; a slow drive reads those of 16 TiB in a fraction of this. */
    private static final long MOST_SECONDS = 300;

    private static final int LONGEST_LINE = 200;
    private static final Pattern LINE = Pattern.compile("0x(\\p{XDigit}{1,15})\\s+0x(\\p{XDigit}{1,15})\\s+([+?])");
    private static final Pattern POSITION = Pattern.compile("0x\\p{XDigit}{1,15}\\s+[+?]");

    private static final int SUPERBLOCK = 1024;

    private final List<Path> folders;
    private final long mostSeconds;

    public PartcloneReader() {
        this(FOLDERS, MOST_SECONDS);
    }

    /** {@code folders}: where partclone's programs are looked for. */
    PartcloneReader(List<Path> folders, long mostSeconds) {
        this.folders = List.copyOf(folders);
        this.mostSeconds = mostSeconds;
    }

    /** What partclone's program for it is called, and how a clean volume is told. */
    private enum Kind {
        F2FS("f2fs") {
            @Override
            boolean isAt(ByteBuffer superblock) {
                return superblock.getInt(0) == 0xF2F5_2010;
            }

            @Override
            void checkClean(BlockSource volume, ByteBuffer superblock) throws UnsureException, DeviceException {
                int blockShift = superblock.getInt(16);
                int segmentShift = superblock.getInt(20);
                if (blockShift < 12 || blockShift > 16 || segmentShift < 0 || segmentShift > 16) {
                    throw new UnsureException("f2fs: superblock of an unknown shape");
                }
                long block = Integer.toUnsignedLong(superblock.getInt(76));
                F2fsCheckpoint first = F2fsCheckpoint.read(volume, block << blockShift, 1 << blockShift);
                F2fsCheckpoint second =
                        F2fsCheckpoint.read(volume, (block + (1L << segmentShift)) << blockShift, 1 << blockShift);
                // Two versions take turns; the newer one counts, and nothing may have been written behind it.
                F2fsCheckpoint newer = first.version() - second.version() > 0 ? first : second;
                require(newer.isClean() && newer.isWhole(volume, 1L << segmentShift), "f2fs");
            }
        },
        HFSPLUS("hfsplus") {
            @Override
            boolean isAt(ByteBuffer superblock) {
                int magic = Integer.reverseBytes(superblock.getInt(0));
                return magic == 0x482B_0004 || magic == 0x4858_0005;
            }

            @Override
            void checkClean(BlockSource volume, ByteBuffer superblock) throws UnsureException {
                int attributes = Integer.reverseBytes(superblock.getInt(4));
                require((attributes & 0x100) != 0 && (attributes & 0x800) == 0, "HFS+");
            }
        },
        MINIX("minix") {
            @Override
            boolean isAt(ByteBuffer superblock) {
                int magic = Short.toUnsignedInt(superblock.getShort(16));
                boolean isKnown = magic == 0x137F || magic == 0x138F || magic == 0x2468 || magic == 0x2478;
                // Two bytes of magic are few, so the map of inodes must be as long as they need; ext has a count there.
                int inodes = Short.toUnsignedInt(superblock.getShort(0));
                return isKnown
                        && superblock.getShort(4) == inodes / (SUPERBLOCK * Byte.SIZE) + 1
                        && superblock.getShort(10) == 0
                        && superblock.getShort(56) != (short) 0xEF53;
            }

            @Override
            void checkClean(BlockSource volume, ByteBuffer superblock) throws UnsureException {
                require(superblock.getShort(18) == 1, "Minix");
            }
        };

        private final String program;

        Kind(String program) {
            this.program = program;
        }

        abstract boolean isAt(ByteBuffer superblock);

        abstract void checkClean(BlockSource volume, ByteBuffer superblock) throws UnsureException, DeviceException;

        private static void require(boolean isClean, String name) throws UnsureException {
            if (!isClean) {
                throw new UnsureException(name + ": not cleanly unmounted");
            }
        }
    }

    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        return kindOf(volume).map(kind -> new Identity(kind.program, ""));
    }

    private static Optional<Kind> kindOf(BlockSource volume) throws DeviceException {
        if (volume.sizeBytes() < 2 * SUPERBLOCK) {
            return Optional.empty();
        }
        ByteBuffer superblock = superblock(volume);
        for (Kind kind : Kind.values()) {
            if (kind.isAt(superblock)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static ByteBuffer superblock(BlockSource volume) throws DeviceException {
        ByteBuffer bytes = ByteBuffer.allocate(SUPERBLOCK).order(ByteOrder.LITTLE_ENDIAN);
        volume.read(SUPERBLOCK, bytes);
        return bytes.flip();
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        Kind kind = kindOf(volume).orElseThrow(() -> new UnsureException("unknown content"));
        kind.checkClean(volume, superblock(volume));
        String program = "partclone." + kind.program;
        Path path = folders.stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new UnsureException("no reader for it, and " + program + " is not installed"));
        String node = volume.node()
                .orElseThrow(() -> new UnsureException(
                        program + " reads devices and whole files only: name a device, whose partitions have nodes"));
        return run(path, node, volume.sizeBytes());
    }

    private UsedMap run(Path program, String node, long sizeBytes) throws UnsureException {
        ProcessBuilder builder =
                ChildProcess.of(program.toString(), "-D", "-q", "-s", node, "-o", "-", "-L", "/dev/null");
        builder.environment().put("LC_ALL", "C");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UnsureException(program + " does not start: " + e.getMessage());
        }
        try {
            UsedMap map = inTime(program, () -> read(process, sizeBytes));
            int code = process.waitFor();
            if (code != 0) {
                throw new UnsureException(program.getFileName() + " ended with " + code);
            }
            return map;
        } catch (TimeoutException e) {
            throw new UnsureException(program.getFileName() + " took longer than " + mostSeconds + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnsureException(program.getFileName() + " was interrupted");
        } finally {
            end(process);
        }
    }

    /**
     * Reads on a thread that is left alone when the time is over: a program that partclone has started may hold the output open for ever,
     * and nothing ends a read from a pipe. Nobody closes the output while it is read.
     */
    private UsedMap inTime(Path program, Callable<UsedMap> reading)
            throws UnsureException, TimeoutException, InterruptedException {
        FutureTask<UsedMap> task = new FutureTask<>(reading);
        Thread thread = new Thread(task, "partclone");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(mostSeconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnsureException unsure) {
                throw unsure;
            }
            throw new UnsureException(program.getFileName() + ": its map cannot be read: " + e.getCause());
        }
    }

    /** All that the program says, up to its end: its output is closed then. */
    private static UsedMap read(Process process, long sizeBytes) throws UnsureException, IOException {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
            return parse(output, sizeBytes);
        }
    }

    /** Ends what the program has started too. Process.destroy would close the output, which may be read. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }

    /**
     * Reads a domain map: remarks, one line with a position, then ranges from byte 0 on without gaps. What lies behind the last one is used.
     *
     * @throws UnsureException when a line is anything else
     */
    static UsedMap parse(BufferedReader lines, long sizeBytes) throws UnsureException, IOException {
        UsedMapBuilder used = new UsedMapBuilder(sizeBytes).use(0, sizeBytes);
        boolean hasPosition = false;
        long end = 0;
        String line = next(lines);
        while (line != null) {
            Matcher range = LINE.matcher(line);
            if (hasPosition && range.matches()) {
                long from = Long.parseLong(range.group(1), 16);
                long length = Long.parseLong(range.group(2), 16);
                check(from == end && length > 0 && length <= sizeBytes - from, line);
                end = from + length;
                if (range.group(3).equals("?")) {
                    used.free(from, length);
                }
            } else if (!line.startsWith("#")) {
                check(!hasPosition && POSITION.matcher(line).matches(), line);
                hasPosition = true;
            }
            line = next(lines);
        }
        check(end > 0, "no ranges");
        return used.build();
    }

    private static void check(boolean holds, String line) throws UnsureException {
        if (!holds) {
            throw new UnsureException("partclone's map is not understood: " + PlainText.of(line));
        }
    }

    /** A line without its end, or null behind the last; bounded, because a program that went wrong may print anything. */
    private static String next(BufferedReader lines) throws IOException, UnsureException {
        StringBuilder line = new StringBuilder();
        int read = lines.read();
        if (read < 0) {
            return null;
        }
        while (read >= 0 && read != '\n') {
            line.append((char) read);
            check(line.length() <= LONGEST_LINE, line.toString());
            read = lines.read();
        }
        return line.toString().strip();
    }
}
