"""Refusals of files as a whole. What is wrong with one row is said on the row."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class UploadNotFound(NotFound):
    code = "upload_not_found"
    message = (
        "There is no such upload. Its files may have been tidied away, or it belongs to somebody else. Choose one "
        "from the list."
    )


class SheetEmpty(Invalid):
    code = "sheet_empty"
    message = "The file holds no rows. Fill the template's first sheet and upload it again."


class SheetTooBig(Invalid):
    code = "sheet_too_big"
    message = "The file is larger than {most} MB. Divide it into several files."


class SheetTooWide(Invalid):
    code = "sheet_too_wide"
    message = (
        "The sheet reaches to row {rows} and column {columns}. Delete the empty rows and columns behind your data (a"
        " forgotten cell far outside is enough), or divide the file; {most} rows are taken at once."
    )


class SheetHasMacros(Invalid):
    code = "sheet_has_macros"
    message = "The workbook contains macros, which are never taken. Save it as .xlsx and upload that."


class SheetEncrypted(Invalid):
    code = "sheet_encrypted"
    message = "The workbook is protected by a password. Save it without one and upload that."


class SheetBomb(Invalid):
    code = "sheet_bomb"
    message = "The file unpacks to far more than a table needs and was not opened. Copy its cells into a new workbook."


class SheetIsPage(Invalid):
    code = "sheet_is_page"
    message = "The file is a web page that is only named like a workbook. Open it, save it as .xlsx and upload that."


class SheetBroken(Invalid):
    code = "sheet_broken"
    message = "The file cannot be read. Use xlsx, xls, ods or csv; opening it and saving it again often mends it."


class SheetEncoding(Invalid):
    code = "sheet_encoding"
    message = "The text of this file is neither UTF-8, UTF-16 nor CP949. Save it as xlsx, or as csv in UTF-8."


class SheetHidden(Invalid):
    code = "sheet_hidden"
    message = "Every sheet of the workbook is hidden. Show the one that is meant."


class HeadingsUnknown(Invalid):
    code = "headings_unknown"
    message = (
        "No row with the headings of this kind of file was found; the columns {wanted} are needed. Download the"
        " template and copy your data under its headings."
    )


class HeadingsMissing(Invalid):
    code = "headings_missing"
    message = "The file has no column {wanted}. Add it, or download the template."


class HeadingTwice(Invalid):
    code = "heading_twice"
    message = "The heading {heading} stands twice ({first} and {second}). Delete one of the two columns."


class KindUnknown(NotFound):
    code = "sheet_kind_unknown"
    message = "There is no such kind of file. Choose one from the list."


class StoreNeeded(Invalid):
    code = "sheet_store_needed"
    message = "Choose the store that this file is for."


class NothingToApply(Refused):
    code = "nothing_to_apply"
    message = "No row of this file can be applied. Correct the rows and upload the file again."


class UploadNotReady(Refused):
    code = "upload_not_ready"
    message = "This is not possible now: the upload is {state}. Reload the page to see how far it is."


class UploadNeedsApproval(Refused):
    code = "upload_needs_approval"
    message = "A guard rail stops this file ({alarms}). Look at the worst changes and approve them if they are meant."


class NoWayBack(Refused):
    code = "no_way_back"
    message = "What this upload did cannot be taken back by itself."


class FileGone(NotFound):
    code = "upload_file_gone"
    message = "This file is no longer kept. Upload it again if you still need it."
