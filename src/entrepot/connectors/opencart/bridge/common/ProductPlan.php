<?php
namespace OmsBridge;

/**
 * The wanted fields of a product, checked against this shop before anything is written.
 *
 * A list that is null was not sent and stays as it is; a list that was sent replaces what is there.
 */
class ProductPlan
{
    public $columns = array();
    public $codes = array();
    public $names = array();
    public $descriptions = array();
    public $manufacturer = null;
    public $categories = null;
    public $stores = null;
    public $images = null;
    public $attributes = null;
    /** array(array('name', texts by language id), …): attributes found by their name, or made. */
    public $named = array();
    public $options = null;
    public $variants = array();
    public $languages = array();
    /** Whether quantities and visibility of what is there already stay as they are. */
    public $keeps = false;
    private $bridge;
    private $db;
    private $fields;

    public function __construct(Bridge $bridge, $fields)
    {
        if (!is_array($fields)) {
            throw Refusal::invalid('product', 'missing', 'The field product must be an object.');
        }
        $this->bridge = $bridge;
        $this->db = $bridge->db;
        $this->fields = $fields;
        $settings = new ShopSettings($this->db, array('config_language', 'config_language_catalog'));
        foreach ($this->db->rows('SELECT `language_id`, `code` FROM ' . $this->db->table('language') . ' ORDER BY `code` = ' . $this->db->quote($settings->language()) . ' DESC, `language_id`') as $row) {
            $this->languages[$row['code']] = (int)$row['language_id'];
        }
        $this->text('model', 'model', 1);
        $this->identifiers();
        $this->numbers();
        $this->manufacturer();
        $this->names = $this->perLanguage('names', 'name', 1);
        $this->descriptions = $this->perLanguage('descriptions', 'description', 0);
        $this->categories = $this->idList('category_ids', 'category', 'category_id', array());
        $this->stores = $this->idList('store_ids', 'store', 'store_id', array(0));
        $this->pictures();
        $this->attributes();
        $this->options();
        $this->variants();
    }

    public function sent($name)
    {
        return array_key_exists($name, $this->fields) && $this->fields[$name] !== null;
    }

    private function text($field, $column, $least)
    {
        if ($this->sent($field)) {
            $text = Field::text($this->bridge, 'product', $column, $this->fields[$field], $field);
            if (strlen($text) < $least) {
                throw Refusal::invalid($field, 'missing', 'The field ' . $field . ' must not be empty.');
            }
            $this->columns[$column] = $text;
        }
    }

    /** SKU and barcode go to the column, to product_code, or to both, whichever the shop has. */
    private function identifiers()
    {
        foreach (array('sku' => array('sku', 'SKU'), 'barcode' => array('ean', 'EAN')) as $field => $place) {
            if (!$this->sent($field)) {
                continue;
            }
            $inTable = $this->bridge->schema->has('product_code');
            if ($this->bridge->schema->hasColumn('product', $place[0])) {
                $this->text($field, $place[0], 0);
            } elseif (!$inTable) {
                throw Refusal::invalid($field, 'no_place', 'This shop has no place for the field ' . $field . '.');
            }
            if ($inTable) {
                $this->codes[$place[1]] = Field::text($this->bridge, 'product_code', 'value', $this->fields[$field], $field);
            }
        }
    }

    private function numbers()
    {
        foreach (array('price' => 4, 'weight' => 8, 'length' => 8, 'width' => 8, 'height' => 8) as $field => $scale) {
            if ($this->sent($field)) {
                $this->columns[$field] = Field::decimal($this->fields[$field], $field, $scale);
            }
        }
        foreach (array('quantity' => 0, 'minimum' => 1) as $field => $least) {
            if ($this->sent($field)) {
                $this->columns[$field] = Field::number($this->fields, $field, $least);
            }
        }
        foreach (array('status', 'subtract') as $field) {
            if ($this->sent($field)) {
                $this->columns[$field] = Field::flag($this->fields, $field, 0);
            }
        }
        foreach (array('weight', 'length') as $measure) {
            if ($this->sent($measure . '_unit')) {
                $this->columns[$measure . '_class_id'] = $this->unit($measure, $this->fields[$measure . '_unit']);
            }
        }
    }

    private function unit($measure, $unit)
    {
        $key = $measure . '_class_id';
        foreach ($this->db->rows('SELECT `' . $key . '`, `unit` FROM ' . $this->db->table($measure . '_class_description') . ' ORDER BY `language_id`') as $row) {
            if (is_string($unit) && strtolower($row['unit']) === strtolower(trim($unit))) {
                return (int)$row[$key];
            }
        }
        throw Refusal::invalid($measure . '_unit', 'unknown', 'The shop has no such unit.');
    }

    private function manufacturer()
    {
        if ($this->sent('manufacturer_id')) {
            $id = Field::number($this->fields, 'manufacturer_id');
            if ($id > 0 && !$this->missing('manufacturer', 'manufacturer_id', array($id), array())) {
                $this->columns['manufacturer_id'] = $id;
            } elseif ($id > 0) {
                throw Refusal::invalid('manufacturer_id', 'unknown', 'The shop has no such manufacturer.');
            } else {
                $this->columns['manufacturer_id'] = 0;
            }
        } elseif ($this->sent('manufacturer')) {
            $this->manufacturer = Field::text($this->bridge, 'manufacturer', 'name', $this->fields['manufacturer'], 'manufacturer');
        }
    }

    private function perLanguage($field, $column, $least)
    {
        $texts = array();
        if (!$this->sent($field)) {
            return $texts;
        }
        if (!is_array($this->fields[$field])) {
            throw Refusal::invalid($field, 'malformed', 'The field ' . $field . ' must be an object by language code.');
        }
        foreach ($this->fields[$field] as $code => $text) {
            $stored = Field::text($this->bridge, 'product_description', $column, $text, $field);
            if (strlen($stored) < $least) {
                throw Refusal::invalid($field, 'missing', 'A name must not be empty.');
            }
            $texts[$this->language($field, $code)] = $stored;
        }
        return $texts;
    }

    private function language($field, $code)
    {
        if (!isset($this->languages[$code])) {
            throw Refusal::invalid($field, 'unknown_language', 'The shop has no language ' . $code . '.');
        }
        return $this->languages[$code];
    }

    private function idList($field, $table, $column, $always)
    {
        if (!$this->sent($field)) {
            return null;
        }
        if (!is_array($this->fields[$field])) {
            throw Refusal::invalid($field, 'malformed', 'The field ' . $field . ' must be a list of ids.');
        }
        $ids = array();
        foreach ($this->fields[$field] as $i => $unused) {
            $ids[] = Field::number($this->fields[$field], $i);
        }
        $missing = $this->missing($table, $column, $ids, $always);
        if ($missing) {
            throw Refusal::invalid($field, 'unknown', 'The shop does not have every one of these.', array('ids' => $missing));
        }
        return array_values(array_unique($ids));
    }

    private function missing($table, $column, $ids, $always)
    {
        $rows = $this->db->rows('SELECT `' . $column . '` FROM ' . $this->db->table($table) . ' WHERE `' . $column . '` IN (' . Db::ints($ids) . ')');
        return array_values(array_diff($ids, array_map('intval', Page::column($rows, $column)), $always));
    }

    private function pictures()
    {
        if ($this->sent('image')) {
            $this->columns['image'] = $this->picture($this->fields['image'], 'image', 'product');
        }
        if ($this->sent('images')) {
            $this->images = array();
            foreach (is_array($this->fields['images']) ? $this->fields['images'] : array(null) as $path) {
                $this->images[] = $this->picture($path, 'images', 'product_image');
            }
        }
    }

    private function picture($path, $field, $table)
    {
        $stored = Field::text($this->bridge, $table, 'image', $path, $field);
        if ($stored !== '' && (preg_match('~^/|://|(^|/)\.\.(/|$)|\\\\~', $path))) {
            throw Refusal::invalid($field, 'malformed', 'The path must lie below the image folder.');
        }
        return $stored;
    }

    private function attributes()
    {
        if (!$this->sent('attributes')) {
            return;
        }
        $this->attributes = array();
        foreach ((array)$this->fields['attributes'] as $attribute) {
            $texts = array();
            foreach (isset($attribute['texts']) ? (array)$attribute['texts'] : array() as $code => $text) {
                $texts[$this->language('attributes', $code)] = Field::text($this->bridge, 'product_attribute', 'text', $text, 'attributes');
            }
            if (!isset($attribute['attribute_id']) && isset($attribute['name'])) {
                $this->namedAttribute($attribute['name'], $texts);
            } else {
                $this->attributes[Field::number((array)$attribute, 'attribute_id', 1)] = $texts;
            }
        }
        if ($this->missing('attribute', 'attribute_id', array_keys($this->attributes), array())) {
            throw Refusal::invalid('attributes', 'unknown', 'The shop does not have every one of these attributes.');
        }
    }

    private function namedAttribute($name, $texts)
    {
        $stored = Field::text($this->bridge, 'attribute_description', 'name', $name, 'attributes');
        if ($stored === '' || !$texts) {
            throw Refusal::invalid('attributes', 'missing', 'An attribute needs a name and a text.');
        }
        $this->named[] = array($stored, $texts);
    }

    private function variants()
    {
        if (!$this->sent('variants') || !$this->fields['variants']) {
            return;
        }
        if (!$this->bridge->schema->hasColumn('product', 'master_id')) {
            throw Refusal::invalid('variants', 'no_place', 'This shop knows no variants.');
        }
        if (!$this->options) {
            throw Refusal::invalid('variants', 'options', 'Variants need the options they choose from.');
        }
        $seen = array();
        foreach (is_array($this->fields['variants']) ? $this->fields['variants'] : array(null) as $fields) {
            $variant = VariantPlan::of($this->bridge, $fields, $this->options);
            $same = json_encode($variant->choices);
            if (isset($seen[$same])) {
                throw Refusal::invalid('variants', 'values', 'Every variant needs choices of its own.');
            }
            $seen[$same] = true;
            $this->variants[] = $variant;
        }
    }

    private function options()
    {
        if ($this->sent('options')) {
            $this->options = array();
            foreach (is_array($this->fields['options']) ? $this->fields['options'] : array(null) as $option) {
                $this->options[] = OptionPlan::of($this->bridge, $option);
            }
        }
    }
}
