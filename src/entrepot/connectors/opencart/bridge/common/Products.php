<?php
namespace OmsBridge;

/** Products with all that hangs on them: a fixed number of queries for any page. */
class Products
{
    const LONG = 32768;
    private static $columns = array('product_id', 'master_id', 'model', 'sku', 'upc', 'ean', 'jan', 'isbn', 'mpn', 'quantity', 'subtract',
        'minimum', 'price', 'status', 'shipping', 'tax_class_id', 'weight', 'weight_class_id', 'length', 'width', 'height', 'length_class_id',
        'image', 'manufacturer_id', 'stock_status_id', 'sort_order', 'date_available', 'date_added', 'date_modified', 'variant', 'override');
    /** Columns of OpenCart's own that say nothing about a value, or that its place in the answer already says. */
    private static $plain = array('product_option_id', 'product_id', 'points', 'points_prefix');
    private $db;
    private $schema;

    public function __construct(Bridge $bridge)
    {
        $this->db = $bridge->db;
        $this->schema = $bridge->schema;
    }

    public function page(Call $call)
    {
        $ids = $call->ids(1000);
        $select = 'SELECT ' . $this->schema->select('product', self::$columns) . ' FROM ' . $this->db->table('product');
        $next = null;
        if ($ids === null) {
            $limit = $call->number('limit', 100, 1, 1000);
            list($rows, $next) = Page::of($this->db, $select, '`product_id`', $call->number('after_id', 0, 0, 4294967295), $limit);
        } else {
            $rows = $this->db->rows($select . ' WHERE `product_id` IN (' . Db::ints($ids) . ') ORDER BY `product_id`');
        }
        $with = explode(',', $call->text('with', ''));
        return new Answer($this->filled($rows, in_array('description', $with, true), $ids === null ? self::LONG : null), $next);
    }

    /** The product as the protocol shows it, or null. */
    public function one($product_id)
    {
        $rows = $this->db->rows('SELECT ' . $this->schema->select('product', self::$columns) . ' FROM ' . $this->db->table('product') . ' WHERE `product_id` = ' . (int)$product_id);
        $filled = $this->filled($rows, true);
        return $filled ? $filled[0] : null;
    }

    /** `$most`: a longer description stays untold (null); merchants paste whole pictures into them, and a page must not grow past PHP's memory. */
    private function filled($rows, $texts, $most = null)
    {
        $description = $most === null ? '`description`' : 'IF(CHAR_LENGTH(`description`) > ' . (int)$most . ', NULL, `description`) AS `description`';
        $ids = Db::ints(Page::column($rows, 'product_id'));
        $weights = $this->units('weight_class');
        $lengths = $this->units('length_class');
        $descriptions = $this->part('product_description', '`language_id`, `name`' . ($texts ? ', ' . $description : ''), $ids, '`language_id`');
        $codes = $this->part('product_code', '`code`, `value`', $ids, '`product_code_id`');
        $categories = $this->part('product_to_category', '`category_id`', $ids, '`category_id`');
        $stores = $this->part('product_to_store', '`store_id`', $ids, '`store_id`');
        $images = $this->part('product_image', '`image`, `sort_order`', $ids, '`sort_order`, `product_image_id`');
        $attributes = $this->part('product_attribute', '`attribute_id`, `language_id`, `text`', $ids, '`attribute_id`, `language_id`');
        $discounts = $this->part('product_discount', $this->schema->select('product_discount',
            array('customer_group_id', 'quantity', 'priority', 'price', 'type', 'special', 'date_start', 'date_end')), $ids, '`product_discount_id`');
        $specials = $this->part('product_special', '`customer_group_id`, `priority`, `price`, `date_start`, `date_end`', $ids, '`product_special_id`');
        $options = $this->options($ids);
        foreach ($rows as $i => $row) {
            $id = $row['product_id'];
            $rows[$i]['weight_unit'] = isset($weights[$row['weight_class_id']]) ? $weights[$row['weight_class_id']] : null;
            $rows[$i]['length_unit'] = isset($lengths[$row['length_class_id']]) ? $lengths[$row['length_class_id']] : null;
            $rows[$i]['codes'] = Page::without($codes, $id, 'product_id');
            $rows[$i]['descriptions'] = Page::without($descriptions, $id, 'product_id');
            $rows[$i]['categories'] = isset($categories[$id]) ? Page::column($categories[$id], 'category_id') : array();
            $rows[$i]['stores'] = isset($stores[$id]) ? Page::column($stores[$id], 'store_id') : array();
            $rows[$i]['images'] = Page::without($images, $id, 'product_id');
            $rows[$i]['attributes'] = Page::without($attributes, $id, 'product_id');
            $rows[$i]['options'] = Page::without($options, $id, 'product_id');
            $rows[$i]['discounts'] = Page::without($discounts, $id, 'product_id');
            $rows[$i]['specials'] = Page::without($specials, $id, 'product_id');
        }
        return $rows;
    }

    private function part($table, $columns, $ids, $order)
    {
        if (!$this->schema->has($table)) {
            return array();
        }
        return $this->db->grouped('SELECT `product_id`, ' . $columns . ' FROM ' . $this->db->table($table)
            . ' WHERE `product_id` IN (' . $ids . ') ORDER BY ' . $order, 'product_id');
    }

    private function options($ids)
    {
        $values = array();
        foreach ($this->db->rows('SELECT * FROM ' . $this->db->table('product_option_value') . ' WHERE `product_id` IN (' . $ids . ') ORDER BY `product_option_value_id`') as $row) {
            $parent = $row['product_option_id'];
            $values[$parent][] = array_diff_key($row, array_flip(self::$plain));
        }
        $options = $this->db->grouped('SELECT po.`product_id`, po.`product_option_id`, po.`option_id`, o.`type`, po.`required`, po.`value` FROM '
            . $this->db->table('product_option') . ' po LEFT JOIN ' . $this->db->table('option') . ' o ON o.`option_id` = po.`option_id`'
            . ' WHERE po.`product_id` IN (' . $ids . ') ORDER BY po.`product_option_id`', 'product_id');
        foreach ($options as $product_id => $list) {
            foreach ($list as $i => $option) {
                $options[$product_id][$i]['values'] = isset($values[$option['product_option_id']]) ? $values[$option['product_option_id']] : array();
            }
        }
        return $options;
    }

    /** Unit signs by class id, in the shop's first language that has one. */
    private function units($class)
    {
        $units = array();
        foreach ($this->db->rows('SELECT `' . $class . '_id` AS id, `unit` FROM ' . $this->db->table($class . '_description') . ' ORDER BY `language_id` DESC') as $row) {
            $units[$row['id']] = $row['unit'];
        }
        return $units;
    }
}
