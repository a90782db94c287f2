package org.imgblstr.cli.common.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.finish.SystemTool;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.disk.identity.AnswerFile;

/**
 * A Windows in an NTFS, by the tools of ntfs-3g, which need no mount: {@code ntfsls}, {@code ntfscat}, {@code ntfscp}. The first two only
 * read, so they are forced to read marked volumes too. The last one refuses a volume on which Windows hibernates, or whose journal is not carried out. Nobody may hold or mount the volume. Source: docs/identity.md,
 * section 9.
 */
final class WindowsFiles {
    /** Where Windows looks, in its order. The first one that is there counts. */
    private static final List<String> ANSWERS =
            List.of("Panther/Unattend/Unattend.xml", "Panther/Unattend.xml", "System32/Sysprep/Unattend.xml");

    private static final String NEW_ANSWER = "Panther";
    private static final String NEW_NAME = "unattend.xml";

    /** A line of {@code ntfsls -l -F}: bytes, month, day, time, year, name. */
    private static final Pattern LINE = Pattern.compile("\\s*(\\d+) \\S+\\s+\\S+\\s+\\S+\\s+\\d{4} (.+)");

    /** An answer file has some KiB. */
    private static final long MOST_BYTES = 4L << 20;

    private static final Pattern STATE = Pattern.compile("IMAGE_STATE_[A-Z_]+");
    private static final String GENERALISED = "IMAGE_STATE_GENERALIZE_";

    /** Says that the volume has a mark by which Windows checks it at its next start. A forced tool passes it over. */
    private static final String MARKED = "scheduled for check";

    private static final int ANY_CODE = 255;

    private final String node;

    /** The name of its folder as it is spelt there, from the root of the volume. */
    private final String windows;

    private WindowsFiles(String node, String windows) {
        this.node = node;
        this.windows = windows;
    }

    /**
     * The Windows in a volume; empty when there is none.
     *
     * @param node the device of an NTFS
     */
    static Optional<WindowsFiles> of(String node) throws ToolException {
        Optional<String> windows = found(node, "", "Windows/");
        if (windows.isPresent() && found(node, windows.get(), "System32/").isPresent()) {
            return Optional.of(new WindowsFiles(node, windows.get()));
        }
        return Optional.empty();
    }

    /**
     * Puts a name where Windows looks when it starts for the first time after sysprep.
     *
     * @param name a host name without its domain
     * @param hasGrown whether the file system of this volume was enlarged just now
     * @return the answer file that has it now
     * @throws ToolException when it keeps its name; the message says why
     */
    String rename(String name, boolean hasGrown) throws ToolException {
        String unfit = AnswerFile.unfit(name);
        if (!unfit.isEmpty()) {
            throw new ToolException(unfit);
        }
        checkGeneralised();
        for (String path : ANSWERS) {
            Optional<String> answer = below(path);
            if (answer.isPresent()) {
                String text = SystemTool.output("ntfscat", "-f", node, answer.get());
                write(
                        AnswerFile.renamed(text, name)
                                .orElseThrow(() -> new ToolException("its answer file " + answer.get()
                                        + " has no element ComputerName: add <ComputerName>*</ComputerName> before sysprep"
                                        + " is run")),
                        answer.get(),
                        hasGrown);
                return answer.get();
            }
        }
        String folder = below(NEW_ANSWER + "/")
                .orElseThrow(() -> new ToolException("it has no folder " + windows + "/" + NEW_ANSWER));
        write(AnswerFile.of(name), folder + "/" + NEW_NAME, hasGrown);
        return folder + "/" + NEW_NAME;
    }

    /** One that was not generalised, or has done its first start already, reads no answer file. A Windows that does not tell is believed. */
    private void checkGeneralised() throws ToolException {
        Optional<String> file = below("Setup/State/State.ini");
        if (file.isEmpty()) {
            return;
        }
        // Some write it with two bytes for each character.
        String text = SystemTool.output("ntfscat", "-f", node, file.get()).replace("\0", "");
        Matcher state = STATE.matcher(text);
        if (state.find() && !state.group().startsWith(GENERALISED)) {
            throw new ToolException("it was not generalised by sysprep before it was imaged (" + state.group() + ")");
        }
    }

    private Optional<String> below(String path) throws ToolException {
        return found(node, windows, path);
    }

    /**
     * Looks for a file or a folder. Windows tells no small letters from capitals, and the tools do.
     *
     * @param path below {@code folder}; a folder when it ends with a slash
     * @return as it is spelt there, from the root, without a slash at its end
     */
    private static Optional<String> found(String node, String folder, String path) throws ToolException {
        int slash = path.indexOf('/');
        boolean isFolder = slash >= 0;
        String wanted = isFolder ? path.substring(0, slash + 1) : path;
        for (String line : SystemTool.run("ntfsls", "-f", "-l", "-F", "-p", "/" + folder, node)
                .lines()
                .toList()) {
            Matcher entry = LINE.matcher(line);
            if (!entry.matches() || !entry.group(2).equalsIgnoreCase(wanted)) {
                continue;
            }
            String name = isFolder ? entry.group(2).substring(0, slash) : entry.group(2);
            String whole = folder.isEmpty() ? name : folder + "/" + name;
            if (!isFolder) {
                checkLength(whole, Long.parseLong(entry.group(1)));
            }
            String rest = isFolder ? path.substring(slash + 1) : "";
            return rest.isEmpty() ? Optional.of(whole) : found(node, whole, rest);
        }
        return Optional.empty();
    }

    private static void checkLength(String path, long bytes) throws ToolException {
        if (bytes > MOST_BYTES) {
            throw new ToolException("its file " + path + " has " + bytes + " bytes, which are too many to be read");
        }
    }

    /**
     * Whether an NTFS has the mark that {@code ntfsresize} leaves on each volume that it has enlarged. That tool refuses a volume that was marked
     * before.
     *
     * @param hasGrown whether the file system of this volume was enlarged just now
     * @throws ToolException when Windows itself has marked the volume
     */
    static boolean isMarkedByGrowth(String node, boolean hasGrown) throws ToolException {
        boolean isMarked = SystemTool.run(ANY_CODE, "ntfsls", node).contains(MARKED);
        if (isMarked && !hasGrown) {
            throw new ToolException(
                    "Windows has to check the volume first: start Windows on the source once, shut it down,"
                            + " and make the image again");
        }
        return isMarked;
    }

    private void write(String text, String path, boolean hasGrown) throws ToolException {
        Path copy = null;
        try {
            copy = Files.createTempFile("imgblstr-", ".xml");
            Files.writeString(copy, text, StandardCharsets.ISO_8859_1);
            if (isMarkedByGrowth(node, hasGrown)) {
                SystemTool.run("ntfscp", "-f", node, copy.toString(), path);
            } else {
                SystemTool.run("ntfscp", node, copy.toString(), path);
            }
            if (!SystemTool.output("ntfscat", "-f", node, path).equals(text)) {
                throw new ToolException("its answer file " + path + " reads back different from what was written");
            }
        } catch (IOException e) {
            throw new ToolException("there is no place for its answer file: " + e.getMessage());
        } finally {
            if (copy != null) {
                copy.toFile().delete();
            }
        }
    }
}
