package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.disk.text.PlainText;
import org.imgblstr.fuzz.Budget;

/** Lists of expected slaves. A file is a list of plain names or the one exception, and a list is read from its own names again. */
public final class ExpectFuzz {
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;
    private static final Path FILE = file();

    private ExpectFuzz() {}

    private static Path file() {
        try {
            Path file = Files.createTempFile("expect", ".txt");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            Files.write(FILE, input);
            Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
            List<String> names = ExpectFile.read(FILE);
            budget.check();
            if (names.isEmpty() || !names.stream().allMatch(PlainText::isPlain)) {
                throw new AssertionError("a list without a name, or with one that a terminal obeys");
            }
            Files.write(FILE, String.join("\n", names).getBytes(StandardCharsets.UTF_8));
            if (!ExpectFile.read(FILE).equals(names)) {
                throw new AssertionError("a list is read otherwise than it was written");
            }
        } catch (CliException e) {
            if (!PlainText.isPlain(e.getMessage())) {
                throw new AssertionError("a message that a terminal obeys", e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Labels, addresses, remarks. */
    public static List<byte[]> seeds() {
        return List.of(
                text("# room 12\npc-1\n  pc-2  # by the window\n\n52:54:00:12:34:56\n"),
                text("\uFEFFpc-3\r\nb\u00fcro #5\n"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
