package org.imgblstr.cli.master;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.cli.common.program.Account;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Failures;
import org.imgblstr.cli.common.program.Questions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.value.ShellWords;
import org.imgblstr.cli.master.command.InfoText;
import org.imgblstr.cli.master.job.ImageFileSource;
import org.imgblstr.cli.master.job.Job;
import org.imgblstr.cli.master.job.JobOptions;
import org.imgblstr.cli.master.job.LocalDisk;
import org.imgblstr.cli.master.job.Mode;
import org.imgblstr.cli.master.job.OutputPlace;
import org.imgblstr.cli.master.job.Remake;
import org.imgblstr.cli.master.job.RunOptions;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.sealed.ImageAccess;

/**
 * Asks for the job in the order of the patent's FIG. 6: function, partition, image file, broadcast; for a download the image comes first, because
 * it decides which disks fit. Questions that the command line has answered are not asked, and what cannot be is asked for again at once. The
 * plan and the last question come later, when all has been checked. Nothing that is typed reaches a shell.
 */
final class Menus {
    private static final List<String> FUNCTIONS = List.of(
            "upload: read a disk, write an image file (mode 1; with slaves too, mode 2)",
            "download: read an image file, write a disk (mode 4; with slaves too, mode 5)",
            "broadcast a disk to slaves (mode 3)",
            "broadcast an image file to slaves (mode 6)");
    private static final int UPLOAD = 0;
    private static final int DOWNLOAD = 1;
    private static final int BROADCAST_DISK = 2;

    private final Setting setting;
    private final Questions questions;
    private final PrintStream err;
    private final JobOptions given;
    private final RunOptions options;
    private final DiskMenu disks;
    private final SessionMenu session;
    private Job job;

    Menus(Setting setting, JobOptions given, RunOptions options) {
        this.setting = setting;
        this.questions = new Questions(setting);
        this.err = setting.streams().err();
        this.given = given;
        this.options = options;
        this.disks = new DiskMenu(questions, err, given);
        this.session = new SessionMenu(questions, err, options);
    }

    Job ask() throws IOException, RefusedException {
        int function = askFunction();
        String disk = null;
        String partitions = null;
        Path image = null;
        if (function == DOWNLOAD) {
            image = askImage();
            LocalTarget target = askTarget(image);
            disk = target.disk();
            partitions = target.partitions();
        } else if (function <= BROADCAST_DISK) {
            disk = disks.askDisk();
            partitions = disks.askPartitions(disk, false);
            image = function == UPLOAD ? askNewImage(disk) : null;
        } else {
            image = askImage();
        }
        boolean broadcasts = function >= BROADCAST_DISK || questions.yes("Broadcast to slaves too?");
        job = JobOptions.checked(
                new Job(mode(function, broadcasts), disk, image, partitions, given.grow(), Remake.NONE, given.wish()));
        if (broadcasts) {
            session.ask();
        }
        return job;
    }

    /** The same by one command, as a shell takes it. {@code typed}: the words of the command line that led to the menus. */
    String command(List<String> typed) {
        List<String> words = new ArrayList<>(List.of("imgblstr"));
        words.addAll(Account.withoutCode(typed));
        List<String> asked = job.words();
        for (int i = 1; i < asked.size(); i++) {
            String word = asked.get(i);
            boolean hasValue = !word.equals("--broadcast") && !isAboutEnd(word);
            if (!isGiven(word)) {
                words.add(word);
                words.addAll(hasValue ? List.of(asked.get(i + 1)) : List.of());
            }
            i += hasValue ? 1 : 0;
        }
        words.addAll(session.words());
        return ShellWords.of(words);
    }

    private boolean isGiven(String option) {
        return (option.equals("--disk") && given.disk() != null)
                || (option.equals("--partition") && given.partitions() != null)
                || isAboutEnd(option);
    }

    /** An option for a disk that is complete, with its value in one word. */
    private static boolean isAboutEnd(String word) {
        return Stream.of("--grow", "--new-ids", "--hostname=", "--hook=").anyMatch(word::startsWith);
    }

    private static Mode mode(int function, boolean broadcasts) {
        return switch (function) {
            case UPLOAD -> broadcasts ? Mode.UPLOAD_BROADCAST : Mode.UPLOAD;
            case DOWNLOAD -> broadcasts ? Mode.DOWNLOAD_BROADCAST : Mode.DOWNLOAD;
            case BROADCAST_DISK -> Mode.BROADCAST;
            default -> Mode.BROADCAST_IMAGE;
        };
    }

    /** A disk of the command line is never left out of a command that is shown later. */
    private int askFunction() throws IOException {
        while (true) {
            int function = questions.choose("Function", FUNCTIONS);
            if (function <= BROADCAST_DISK || (given.disk() == null && given.partitions() == null)) {
                return function;
            }
            err.println("this function uses no disk, but the command line names one with --disk or --partition;"
                    + " choose another, or start again without them");
        }
    }

    /** An image that can be read; shows what it holds. */
    private Path askImage() throws IOException {
        while (true) {
            Path path = askPath();
            try (ImageReader reader = ImageReader.open(path, access())) {
                new InfoText(reader, err).print(path, false, ZoneId.systemDefault());
                return path;
            } catch (IOException e) {
                err.println(Failures.message(e));
            }
        }
    }

    /** A name that an image can have. */
    private Path askNewImage(String disk) throws IOException {
        while (true) {
            Path path = askPath();
            try {
                OutputPlace.check(path, "image", disk, options.common().isForced());
                return path;
            } catch (IOException | RefusedException | CliException e) {
                err.println(Failures.message(e));
            }
        }
    }

    private Path askPath() throws IOException {
        while (true) {
            try {
                return Path.of(questions.text("Image file, full path"));
            } catch (InvalidPathException e) {
                err.println(Failures.message(e));
            }
        }
    }

    private ImageAccess access() {
        return options.image().access(setting);
    }

    private record LocalTarget(String disk, String partitions) {}

    /** A disk, and partitions of it, that the image fits and that may be overwritten. */
    private LocalTarget askTarget(Path image) throws IOException, RefusedException {
        while (true) {
            String disk = disks.askDisk();
            String partitions = disks.askPartitions(disk, true);
            try (ImageFileSource source = ImageFileSource.open(image, access())) {
                LocalDisk.check(
                        JobOptions.checked(new Job(
                                Mode.DOWNLOAD, disk, image, partitions, given.grow(), Remake.NONE, given.wish())),
                        source,
                        options.common().isForced());
                return new LocalTarget(disk, partitions);
            } catch (IOException | RefusedException | CliException e) {
                if (given.disk() != null) {
                    throw e;
                }
                err.println(Failures.message(e));
            }
        }
    }
}
