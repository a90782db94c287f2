package org.imgblstr.cli.master.job;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.PlainText;

/**
 * The file of {@code --expect}: a label or a hardware address on each line, UTF-8. Empty lines do not count, nor what stands behind a {@code #} at the
 * start of a line or behind a blank.
 */
final class ExpectFile {
    private static final int MOST_LINES = 10_000;

    /** What a slave can tell of itself: docs/protocol.md, section 3.2. */
    private static final int MOST_LABEL_BYTES = 64;

    private static final int MOST_BYTES = 4 << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern REMARK = Pattern.compile("(^|\\s)#.*");

    /** Colons stand in hardware addresses only. */
    private static final Pattern LIKE_A_MAC = Pattern.compile("[0-9A-Fa-f]{1,2}(:[0-9A-Fa-f]{1,2})+:?");

    private final Path file;
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> lineOf = new HashMap<>();

    private ExpectFile(Path file) {
        this.file = file;
    }

    /**
     * The names in a file, in its order.
     *
     * @throws CliException exit code 2: it cannot be read, names nobody, or has a line that is no name
     */
    static List<String> read(Path file) {
        ExpectFile list = new ExpectFile(file);
        int number = 0;
        for (byte[] line : lines(file)) {
            number++;
            list.take(number, line);
        }
        if (list.names.isEmpty()) {
            throw CliException.usage("--expect " + file
                    + ": the file names no slave; write the label or hardware address of one slave on each line");
        }
        return list.names;
    }

    private static List<byte[]> lines(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            List<byte[]> lines = new ArrayList<>();
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (byte each : bytes) {
                if (each == '\n') {
                    lines.add(line.toByteArray());
                    line.reset();
                } else {
                    line.write(each);
                }
            }
            if (line.size() > 0) {
                lines.add(line.toByteArray());
            }
            if (bytes.length > MOST_BYTES || lines.size() > MOST_LINES) {
                throw CliException.usage("--expect " + file + ": expected at most " + MOST_LINES
                        + " lines, found more; name a list of slaves");
            }
            return lines;
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.USAGE, "--expect " + file + ": the list cannot be read: " + Failures.message(e), e);
        }
    }

    private void take(int number, byte[] line) {
        String text = decode(number, line);
        String name = REMARK.matcher(number == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text)
                .replaceFirst("")
                .strip();
        if (name.isEmpty()) {
            return;
        }
        if (!PlainText.isPlain(name) || name.getBytes(StandardCharsets.UTF_8).length > MOST_LABEL_BYTES) {
            throw malformed(
                    number,
                    "expected a label of at most " + MOST_LABEL_BYTES + " bytes of printable UTF-8, found '"
                            + PlainText.of(name) + "'");
        }
        if (LIKE_A_MAC.matcher(name).matches() && !ExpectedSlaves.isMac(name)) {
            throw malformed(number, "expected a hardware address like 52:54:00:12:34:56, found '" + name + "'");
        }
        Integer before = lineOf.putIfAbsent(ExpectedSlaves.key(name), number);
        if (before != null) {
            throw malformed(
                    number,
                    "'" + name + "' stands in line " + before + " already; each line stands for one slave,"
                            + " so remove one of the two");
        }
        names.add(name);
    }

    private String decode(int number, byte[] line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(number, "expected UTF-8, found other bytes; save the file as UTF-8");
        }
    }

    private CliException malformed(int number, String why) {
        return CliException.usage("--expect " + file + ", line " + number + ": " + why);
    }
}
