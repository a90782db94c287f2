package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.imgblstr.cli.common.report.JsonLine;
import org.imgblstr.cli.common.report.Units;
import org.imgblstr.disk.image.sealed.ImageFront;
import org.imgblstr.protocol.contract.PlainText;

/** What {@code info} says of an encrypted image without its key. */
final class InfoFront {
    private InfoFront() {}

    static void write(Path image, ImageFront front, boolean isJson, PrintStream out) throws IOException {
        if (isJson) {
            JsonLine.write(out, json -> {
                json.writeStringField("image", image.toString());
                json.writeNumberField("fileBytes", front.fileBytes());
                json.writeStringField("id", front.imageId().toString());
                json.writeBooleanField("encrypted", true);
                json.writeStringField("opensWith", front.slots().text());
                json.writeStringField("signedBy", front.signer());
            });
            return;
        }
        line(out, "image", image + ", " + Units.bytes(front.fileBytes()));
        line(out, "encrypted", "opens with " + front.slots().text());
        if (!front.signer().isEmpty()) {
            line(out, "signed", InfoText.signed(front.signer()));
        }
        line(out, "id", front.imageId().toString());
        line(out, "", "give --image-key or --passphrase-file to see what the image holds");
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("%-11s %s%n", name, PlainText.of(value));
    }
}
