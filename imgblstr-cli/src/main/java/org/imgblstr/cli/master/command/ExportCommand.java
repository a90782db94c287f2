package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.cli.master.job.ImageStore;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.file.OutputFile;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.pass.FeedCounts;
import org.imgblstr.disk.pass.ImageFeed;
import org.imgblstr.disk.pass.RawSink;
import org.imgblstr.disk.pass.RawSink.Destination;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code imgblstr export IMAGE OUT}. */
@Command(
        name = "export",
        description = "Write the raw bytes of an image to a file, or to standard output as -.",
        mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Option(names = "--force", description = "Replace OUT if it exists, and begin even if OUT does not seem to fit.")
    private boolean force;

    @Option(names = "--no-verify", description = "Do not read back what was written.")
    private boolean noVerify;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "The image file.")
    private Path image;

    @Parameters(index = "1", paramLabel = "OUT", description = "A file, or - for standard output.")
    private String out;

    public ExportCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        try (ImageReader reader = ImageReader.open(image)) {
            FeedCounts counts = out.equals("-") ? toStandardOutput(reader) : toFile(reader, Path.of(out));
            if (!counts.unreadable().isEmpty()) {
                setting.streams()
                        .err()
                        .println("incomplete: "
                                + Unreadable.of(counts.unreadable()).text()
                                + " could not be read when the image was made and are zeros now");
                return ExitCode.INCOMPLETE;
            }
        }
        return ExitCode.DONE;
    }

    private FeedCounts toStandardOutput(ImageReader reader) throws IOException {
        OutputStream stream = setting.streams().out();
        FeedCounts counts = pump(reader, RawSink.toStream(stream));
        stream.flush();
        if (setting.streams().out().checkError()) {
            throw new FileSystemException(
                    "standard output", null, "writing failed; is the program that reads it still running?");
        }
        return counts;
    }

    private FeedCounts toFile(ImageReader reader, Path path) throws IOException, RefusedException {
        if (Files.exists(path)) {
            if (Files.isSameFile(path, image)) {
                throw CliException.refused(path + " is the image itself");
            }
            if (!Files.isRegularFile(path)) {
                throw CliException.refused(path + " is not a file; --download IMAGE --disk DEV writes a device");
            }
        }
        checkRoom(reader, path);
        try (OutputFile file = OutputFile.create(path, force, !noVerify)) {
            return pump(reader, new FileDestination(file));
        }
    }

    /** Zeros and unused space become holes, but count for the length of the file. */
    private void checkRoom(ImageReader reader, Path path) throws IOException, RefusedException {
        OutputFile.checkName(path);
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw CliException.usage(path + ": its folder does not exist; make it, or name another");
        }
        String refusal = ImageStore.of(folder)
                .exportRefusal(
                        reader.summary().counts().usedBytes(), reader.space().totalBytes());
        if (!refusal.isEmpty() && !force) {
            throw CliException.refused(
                    refusal + ": name another folder, or use --force to try in spite of this; nothing was written");
        }
    }

    private FeedCounts pump(ImageReader reader, Destination destination) throws IOException {
        TrackSpace space = reader.space();
        try (RawSink sink = new RawSink(space, destination)) {
            return new ImageFeed(reader).pump(sink, () -> setting.interruption().isInterrupted());
        }
    }

    /** A file; zeros become holes. */
    private record FileDestination(OutputFile file) implements Destination {
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
}
