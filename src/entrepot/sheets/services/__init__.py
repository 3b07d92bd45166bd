"""The verbs of files: take one, apply it, cancel it, take it back; and the worker's part."""

from entrepot.sheets.services.uploads import apply_upload, cancel_upload, take_back, take_upload
from entrepot.sheets.services.work import wake_uploads, work_upload

__all__ = ["apply_upload", "cancel_upload", "take_back", "take_upload", "wake_uploads", "work_upload"]
