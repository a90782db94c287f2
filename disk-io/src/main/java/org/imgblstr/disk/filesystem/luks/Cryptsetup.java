package org.imgblstr.disk.filesystem.luks;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.machine.ChildProcess;

/**
 * Opens key slots by cryptsetup, with one pass phrase. The program gets a copy of headers and key slots, the phrase by its standard input, and
 * gives the volume key by its standard output: no key is ever in a file, and no device mapper is needed. One thread.
 */
public final class Cryptsetup implements VolumeKeys {
    private static final String[] OPTIONS = {"luksDump", "--batch-mode", "--dump-volume-key", "--key-file", "-"};
    private static final byte[] MARK = "MK dump:".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_OUTPUT = 1 << 16;
    private static final int NO_SLOT = 2;

    private final byte[] phrase;
    private int opened;
    private String failure = "";
    private boolean isWrongPhrase;

    /** {@code phrase}: as {@code cryptsetup --key-file} takes it; a line end behind it may count or not. Overwritten by {@link #forget}. */
    @SuppressWarnings("ArrayStoredToField") // one copy, which can be overwritten
    public Cryptsetup(byte[] phrase) {
        this.phrase = phrase;
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

    /** Overwrites the phrase: nothing can be opened afterwards. */
    public void forget() {
        Arrays.fill(phrase, (byte) 0);
    }

    @Override
    public byte[] open(ByteBuffer area) throws UnsureException {
        Path header = null;
        try {
            header = Files.createTempFile("imgblstr-", ".luks");
            byte[] bytes = new byte[area.remaining()];
            area.get(bytes);
            Files.write(header, bytes);
            byte[] key = keyOf(header, phrase.length);
            if (key.length == 0 && phrase.length > 1 && phrase[phrase.length - 1] == '\n') {
                key = keyOf(header, phrase.length - 1);
            }
            if (key.length == 0) {
                isWrongPhrase = true;
                throw failed("no key slot of a LUKS volume opens with this pass phrase");
            }
            opened++;
            return key;
        } catch (IOException e) {
            throw failed("cryptsetup cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("cryptsetup was interrupted");
        } finally {
            if (header != null) {
                header.toFile().delete();
            }
        }
    }

    private UnsureException failed(String why) {
        failure = why;
        return new UnsureException("LUKS: " + why);
    }

    /** Empty when no slot opens. */
    private byte[] keyOf(Path header, int phraseBytes) throws IOException, InterruptedException, UnsureException {
        Path program = program().orElseThrow(() -> failed("cryptsetup is not installed here"));
        String[] words = Stream.of(Stream.of(program.toString()), Stream.of(OPTIONS), Stream.of(header.toString()))
                .flatMap(each -> each)
                .toArray(String[]::new);
        ProcessBuilder builder = ChildProcess.of(words).redirectError(Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(phrase, 0, phraseBytes);
        }
        byte[] said = process.getInputStream().readNBytes(MOST_OUTPUT);
        try {
            int code = process.waitFor();
            if (code == NO_SLOT) {
                return new byte[0];
            }
            byte[] key = code == 0 ? parsed(said) : new byte[0];
            if (key.length == 0) {
                throw failed("cryptsetup luksDump ended with exit code " + code + ", and gave no volume key");
            }
            return key;
        } finally {
            Arrays.fill(said, (byte) 0);
        }
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
