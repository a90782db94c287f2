/** The program imgslave: listens, and writes what the master sends to the local disk. Specification: docs/exit-codes.md. */
package org.imgblstr.cli.slave;
