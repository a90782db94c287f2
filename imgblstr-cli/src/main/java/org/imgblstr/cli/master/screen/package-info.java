/**
 * The live screen of a session: what it shows (values), how this becomes lines (no terminal, no clock), which keys do what. It knows
 * sessions by their progress and their control only. docs/screen.md.
 */
package org.imgblstr.cli.master.screen;
