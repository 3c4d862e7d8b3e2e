/**
 * Files as responses: one of them with {@link dev.postlude.files.ServedFile}, whole folders with
 * {@link dev.postlude.files.StaticFiles}.
 *
 * <pre>
 *  StaticFiles -- Shelf: Folder or ClassPathFolder --.
 *                                                    +- Representation -- Preconditions, ByteRanges -- Response
 *  ServedFile --------------------------- FileContent'
 * </pre>
 *
 * <p>Nothing here reads a file from the disk: responses carry a {@link
 * dev.postlude.http.Body.File}, which the server hands to the kernel. Handlers look at the file
 * system, so they block for a moment: leave them on the workers.
 */
package dev.postlude.files;
