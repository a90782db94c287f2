/**
 * The program imgblstr: its start, the six modes, and the menus. Specification: docs/exit-codes.md, docs/events.schema.json.
 */
package org.imgblstr.cli.master;
