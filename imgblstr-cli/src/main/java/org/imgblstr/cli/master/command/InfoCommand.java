package org.imgblstr.cli.master.command;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.master.protection.ImageKeyOptions;
import org.imgblstr.disk.image.ImageReader;
import org.imgblstr.disk.image.sealed.ImageFront;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code imgblstr info IMAGE}. */
@Command(
        name = "info",
        description = "Show what an image file holds, when and of what it was made, and which disks it fits;"
                + " -v shows tracks, sector numbers and ids too.")
public final class InfoCommand implements Callable<Integer> {
    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Mixin
    private ImageKeyOptions keys;

    @Option(names = "--json", description = "Write one JSON object to standard output.")
    private boolean isJson;

    @Parameters(paramLabel = "IMAGE", description = "The image file.")
    private Path image;

    public InfoCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        if (!keys.isReady(setting)) {
            ImageFront front = ImageReader.front(image);
            if (front.isEncrypted()) {
                InfoFront.write(image, front, isJson, setting.streams().out());
                return ExitCode.DONE;
            }
        }
        try (ImageReader reader = ImageReader.open(image, keys.access(setting, List.of()))) {
            if (isJson) {
                InfoJson.write(image, reader, setting.streams().out());
            } else {
                new InfoText(reader, setting.streams().out()).print(image, options.isVerbose(), ZoneId.systemDefault());
            }
        }
        return ExitCode.DONE;
    }
}
