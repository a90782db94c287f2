package org.imgblstr.disk.filesystem.encrypted;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.machine.ChildProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens key slots by cryptsetup, with one pass phrase. The program gets a copy of headers and key slots (a sparse file with each at its place), the
 * phrase by its standard input, and gives the volume key by its standard output: no key is ever in a file, and no device mapper is needed. One thread,
 * but for {@link #stop}.
 */
public final class Cryptsetup implements VolumeKeys {
    private static final Logger LOG = LoggerFactory.getLogger(Cryptsetup.class);
    private static final String[] OPTIONS = {"--batch-mode", "--dump-volume-key", "--key-file", "-"};
    private static final byte[] MARK = "MK dump:".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_OUTPUT = 1 << 16;
    private static final int NO_SLOT = 2;
    private static final int KILLED = 128 + 9;

    /** A key slot costs seconds; a slow machine tries 32 of them in a part of this. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final byte[] phrase;
    private final Duration longest;
    private Process process;
    private volatile boolean isStopped;
    private int opened;
    private String failure = "";
    private boolean isWrongPhrase;

    /** {@code phrase}: as {@code cryptsetup --key-file} takes it; a line end behind it may count or not. Overwritten by {@link #forget}. */
    @SuppressWarnings("ArrayStoredToField") // one copy, which can be overwritten
    public Cryptsetup(byte[] phrase) {
        this(phrase, LONGEST);
    }

    /** {@code longest}: what the program may take for one volume. */
    Cryptsetup(byte[] phrase, Duration longest) {
        this.phrase = phrase;
        this.longest = longest;
    }

    /** The program on this machine. */
    public static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "cryptsetup"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** How many volumes were opened. */
    public int opened() {
        return opened;
    }

    /** Why a volume was not opened, one sentence; "" when all were. */
    public String failure() {
        return failure;
    }

    /** Whether the phrase opens no slot, rather than cryptsetup having failed. */
    public boolean isWrongPhrase() {
        return isWrongPhrase;
    }

    /** Ends the program at once, by force, because it answers no request while it opens a key slot: nothing is opened from now on. Any thread. */
    public synchronized void stop() {
        isStopped = true;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private synchronized Process started(ProcessBuilder builder, KeyArea area) throws IOException, UnsureException {
        if (isStopped) {
            throw failed(area, "cryptsetup was interrupted");
        }
        process = builder.start();
        return process;
    }

    /** Overwrites the phrase: nothing can be opened afterwards. */
    public void forget() {
        Arrays.fill(phrase, (byte) 0);
    }

    @Override
    public byte[] open(KeyArea area) throws UnsureException {
        Path header = null;
        try {
            header = Files.createTempFile("imgblstr-", ".header");
            write(area, header);
            byte[] key = keyOf(area, header, phrase.length);
            if (key.length == 0 && phrase.length > 1 && phrase[phrase.length - 1] == '\n') {
                key = keyOf(area, header, phrase.length - 1);
            }
            if (key.length == 0) {
                isWrongPhrase = true;
                throw failed(area, "no key slot of a " + area.kind() + " volume opens with this pass phrase");
            }
            opened++;
            return key;
        } catch (IOException e) {
            // Where it was ended while it was read from, its stream is closed.
            throw failed(
                    area, isStopped ? "cryptsetup was interrupted" : "cryptsetup cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(area, "cryptsetup was interrupted");
        } finally {
            if (header != null) {
                header.toFile().delete();
            }
        }
    }

    private static void write(KeyArea area, Path header) throws IOException {
        try (FileChannel file = FileChannel.open(header, StandardOpenOption.WRITE)) {
            for (KeyArea.Piece piece : area.pieces()) {
                ByteBuffer bytes = piece.bytes().duplicate();
                while (bytes.hasRemaining()) {
                    file.write(bytes, piece.offset() + bytes.position());
                }
            }
        }
    }

    private UnsureException failed(KeyArea area, String why) {
        failure = why;
        return new UnsureException(area.kind() + ": " + why);
    }

    /** Empty when no slot opens. */
    private byte[] keyOf(KeyArea area, Path header, int phraseBytes)
            throws IOException, InterruptedException, UnsureException {
        Path program = program().orElseThrow(() -> failed(area, "cryptsetup is not installed here"));
        String[] words = Stream.of(
                        Stream.of(program.toString(), area.command()), Stream.of(OPTIONS), Stream.of(header.toString()))
                .flatMap(each -> each)
                .toArray(String[]::new);
        ProcessBuilder builder = ChildProcess.of(words).redirectError(Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        Process running = started(builder, area);
        Thread watch = watch(running);
        byte[] said = {};
        try {
            tell(running, phraseBytes);
            said = running.getInputStream().readNBytes(MOST_OUTPUT);
            int code = running.waitFor();
            if (isStopped) {
                throw failed(area, "cryptsetup was interrupted");
            }
            if (code == KILLED) {
                throw failed(
                        area,
                        "cryptsetup did not open a key slot within " + longest.toSeconds() + " seconds, or was killed");
            }
            if (code == NO_SLOT) {
                return new byte[0];
            }
            byte[] key = code == 0 ? parsed(said) : new byte[0];
            if (key.length == 0) {
                throw failed(
                        area,
                        "cryptsetup " + area.command() + " ended with exit code " + code + ", and gave no volume key");
            }
            return key;
        } finally {
            watch.interrupt();
            running.destroyForcibly();
            Arrays.fill(said, (byte) 0);
        }
    }

    private void tell(Process running, int phraseBytes) {
        try (OutputStream in = running.getOutputStream()) {
            in.write(phrase, 0, phraseBytes);
        } catch (IOException e) {
            LOG.debug("cryptsetup ended before it had read the phrase, as its exit code tells", e);
        }
    }

    /** The header tells how long a key slot takes, and may tell any number. */
    private Thread watch(Process running) {
        Thread watch = new Thread(
                () -> {
                    try {
                        if (!running.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                            running.destroyForcibly();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "cryptsetup");
        watch.setDaemon(true);
        watch.start();
        return watch;
    }

    /** The bytes in hexadecimal digits behind the mark; empty when there is no mark. */
    static byte[] parsed(byte[] said) {
        int at = 0;
        while (at + MARK.length <= said.length && !Arrays.equals(said, at, at + MARK.length, MARK, 0, MARK.length)) {
            at++;
        }
        byte[] key = new byte[said.length];
        int count = 0;
        for (at += MARK.length; at + 1 < said.length; at++) {
            int high = Character.digit(said[at], 16);
            if (high >= 0) {
                key[count++] = (byte) (high << 4 | Math.max(0, Character.digit(said[++at], 16)));
            } else if (!Character.isWhitespace(said[at])) {
                break;
            }
        }
        byte[] exact = Arrays.copyOf(key, count);
        Arrays.fill(key, (byte) 0);
        return exact;
    }
}
