package org.imgblstr.cli.master.control;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.HexFormat;

/**
 * How a session is called.
 *
 * @param id 64 bits, by which programs know it
 * @param name by which operators know it, and the name of its socket: that of {@code --session}, else the id in hexadecimal
 */
public record SessionTitle(long id, String name) {
    private String idText() {
        return HexFormat.of().toHexDigits(id);
    }

    /** {@code lab-2 (00ab12...)}, or the id alone. */
    @Override
    public String toString() {
        return name.equals(idText()) ? name : name + " (" + idText() + ")";
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("session", idText());
        json.writeStringField("name", name);
    }
}
