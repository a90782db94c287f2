/**
 * The terminal of the operator: its size, its keys, a full screen of lines. The only package that knows JLine; it knows nothing of
 * sessions. How a screen is made and taken away again: docs/screen.md.
 */
package org.imgblstr.cli.common.terminal;
