"""Refusals of the catalogue."""

from entrepot.kernel.errors import Invalid, NotFound, Refused


class ItemNotFound(NotFound):
    code = "item_not_found"
    message = (
        "There is no such item. It may have been deleted, or it belongs to somebody else. Choose one from the list."
    )


class ProductNotFound(NotFound):
    code = "product_not_found"
    message = (
        "There is no such product. It may have been deleted, or it belongs to somebody else. Choose one from the list."
    )


class SkuMissing(Invalid):
    code = "sku_missing"
    message = "Every item needs a SKU. Give “{name}” one and try again."


class SkuTaken(Refused):
    code = "sku_taken"
    message = "The SKU {sku} is already used by another item. Choose another SKU, or edit that item."


class VariationsAlike(Invalid):
    code = "variations_alike"
    message = "Two variations have the same options ({options}). Make each combination once."


class KitInvalid(Invalid):
    code = "kit_invalid"
    message = "This kit cannot be made: {reason} Correct its parts."


class ProductInUse(Refused):
    code = "product_in_use"
    message = "“{name}” has been stocked or sold, so its history must stay. Take it out of the stores instead."


class LastItem(Refused):
    code = "last_item"
    message = "{sku} is the only item of its product. Delete the product instead."


class PartOfKit(Refused):
    code = "part_of_kit"
    message = "{sku} is part of {count} kits. Take it out of them first."


class SkuTooLong(Invalid):
    code = "sku_too_long"
    message = "The SKU {sku} is longer than 255 characters. Shorten it."


class BarcodeInvalid(Invalid):
    code = "barcode_invalid"
    message = "“{barcode}” cannot be a barcode. Give 1 to 64 characters."


class BarcodeTaken(Refused):
    code = "barcode_taken"
    message = "“{barcode}” belongs to {sku} already. Look at the label again."


class HasBarcode(Refused):
    code = "has_barcode"
    message = "{sku} has the barcode {barcode} already. Change it on its product's page if that is wrong."


class CategoryNotFound(NotFound):
    code = "category_not_found"
    message = (
        "There is no such category. It may have been deleted, or it belongs to somebody else. Choose one from the list."
    )


class BrandNotFound(NotFound):
    code = "brand_not_found"
    message = (
        "There is no such brand. It may have been deleted, or it belongs to somebody else. Choose one from the list."
    )


class CategoryNameMissing(Invalid):
    code = "category_name_missing"
    message = "Give the category a name of 1 to 255 characters."


class CategoryTaken(Refused):
    code = "category_taken"
    message = "There is a category “{name}” in the same place already. Choose another name, or use that one."


class CategoryInside(Refused):
    code = "category_inside"
    message = "“{name}” cannot be moved into itself or into a category below it. Choose another place."


class CategoryTooDeep(Refused):
    code = "category_too_deep"
    message = "Categories can be {deepest} levels deep. Choose a place higher up."


class CategoryNotEmpty(Refused):
    code = "category_not_empty"
    message = "“{name}” holds {count} categories. Move or delete them first."


class MergeSame(Invalid):
    code = "merge_same"
    message = "An item cannot be merged into itself. Choose two different ones."


class KitNotMerged(Refused):
    code = "kit_not_merged"
    message = "{sku} is a kit. Kits are not merged; change their parts, or delete the one you do not need."


class PictureTooLarge(Invalid):
    code = "picture_too_large"
    message = "The picture is larger than {most} MB. Save it smaller, then give it again."


class PictureTooManyPixels(Invalid):
    code = "picture_too_many_pixels"
    message = "The picture has more than {most} million pixels. Save it smaller, then give it again."


class PictureUnreadable(Invalid):
    code = "picture_unreadable"
    message = "This is no picture that can be read. Give a JPEG, PNG, GIF or WebP file."


class PictureCarriesMore(Invalid):
    code = "picture_carries_more"
    message = (
        "There is more in this file than a picture. Open it in a program for pictures, save it as a new file, and give "
        "that one."
    )


class PictureNotFound(NotFound):
    code = "picture_not_found"
    message = (
        "There is no such picture. It may have been deleted, or it belongs to somebody else. Choose one from the list."
    )


class PictureGone(Refused):
    code = "picture_gone"
    message = "The picture {address} is not kept here (any more). Give the file again, or choose another picture."


class DescriptionTooLong(Invalid):
    code = "description_too_long"
    message = "The description has {count} characters; {most} can be kept. Shorten it."


class AttributeIncomplete(Invalid):
    code = "attribute_incomplete"
    message = "“{line}” has no name or no value. Write it as Fabric: Wool."


class AttributeImpossible(Invalid):
    code = "attribute_impossible"
    message = (
        "The attribute “{name}” cannot be kept. Its name has at most {longest} characters and no colon, its value at"
        " most {most}. Shorten it."
    )


class TooManyAttributes(Invalid):
    code = "too_many_attributes"
    message = "A product keeps {most} attributes; these are {count}. Leave some out."


class PictureAddressInvalid(Invalid):
    code = "picture_address_invalid"
    message = (
        "“{line}” is no address of a picture. Give one that begins with https:// and has at most {most} characters."
    )


class TooManyPictures(Invalid):
    code = "too_many_pictures"
    message = "A product keeps {most} further pictures; these are {count}. Leave some out."
