<?php
namespace OmsBridge;

/**
 * The variants of a product (4.x): rows of their own below a master, which has the options.
 *
 * A variant begins as a copy of its master. What is its own is named in its `override`, or the master's next save in the
 * admin would take it away.
 */
class VariantParts
{
    private static $copied = array(
        'product_to_category' => '`category_id`', 'product_to_store' => '`store_id`', 'product_to_layout' => '`store_id`, `layout_id`',
        'product_image' => '`image`, `sort_order`', 'product_attribute' => '`attribute_id`, `language_id`, `text`',
    );
    private $bridge;
    private $db;
    private $parts;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
        $this->parts = new ProductParts($bridge);
    }

    /** Answers the ids in the order wanted. A variant that is there is found by its choices; others of the master stay as they are. */
    public function put($master_id, ProductPlan $plan, OptionParts $options)
    {
        $there = array();
        foreach ($this->db->rows('SELECT `product_id`, `variant` FROM ' . $this->db->table('product') . ' WHERE `master_id` = ' . (int)$master_id . ' ORDER BY `product_id` DESC') as $row) {
            $there[self::same(json_decode(html_entity_decode((string)$row['variant'], ENT_QUOTES, 'UTF-8'), true))] = (int)$row['product_id'];
        }
        $ids = array();
        foreach ($plan->variants as $variant) {
            $fixed = array();
            foreach ($variant->choices as $name => $value) {
                $fixed[$options->rows[$name]] = (string)$options->values[$name][$value];
            }
            $id = isset($there[self::same($fixed)]) ? $there[self::same($fixed)] : $this->insert($master_id, $variant, $plan);
            $this->fill($id, $master_id, $variant, $fixed, $plan->keeps && isset($there[self::same($fixed)]));
            $ids[] = $id;
        }
        $sums = new RollUp($this->db);
        $sums->masters(array($master_id));
        return $ids;
    }

    private static function same($fixed)
    {
        $fixed = is_array($fixed) ? array_map('intval', array_filter($fixed, 'is_scalar')) : array();
        ksort($fixed);
        return json_encode($fixed);
    }

    private function insert($master_id, VariantPlan $variant, ProductPlan $plan)
    {
        $columns = array_diff($this->bridge->schema->columns('product'), array('product_id', 'date_added', 'date_modified'));
        $names = '`' . implode('`, `', $columns) . '`';
        $this->db->run('INSERT INTO ' . $this->db->table('product') . ' (' . $names . ', `date_added`, `date_modified`) SELECT ' . $names . ', NOW(), NOW() FROM '
            . $this->db->table('product') . ' WHERE `product_id` = ' . (int)$master_id);
        $id = $this->db->lastId();
        foreach (self::$copied as $table => $columns) {
            if ($this->bridge->schema->has($table)) {
                $this->copy($table, $columns, $columns, $id, $master_id);
            }
        }
        // Behind the name and the page's title, so that a list of products tells variants apart.
        $suffix = $this->db->quote(' (' . implode(', ', $variant->choices) . ')');
        $named = '`language_id`, `name`, `description`, `tag`, `meta_title`, `meta_description`, `meta_keyword`';
        $this->copy('product_description', $named, '`language_id`, CONCAT(LEFT(`name`, 180), ' . $suffix . '), `description`, `tag`, CONCAT(LEFT(`meta_title`, 180), ' . $suffix . '), `meta_description`, `meta_keyword`', $id, $master_id);
        $name = $this->db->value('SELECT `name` FROM ' . $this->db->table('product_description') . ' WHERE `product_id` = ' . (int)$id . ' ORDER BY `language_id` LIMIT 1');
        $this->parts->address($id, (string)$name, $plan);
        return $id;
    }

    private function copy($table, $columns, $from, $id, $master_id)
    {
        $this->db->run('INSERT INTO ' . $this->db->table($table) . ' (`product_id`, ' . $columns . ') SELECT ' . (int)$id . ', ' . $from . ' FROM '
            . $this->db->table($table) . ' WHERE `product_id` = ' . (int)$master_id);
    }

    private function fill($id, $master_id, VariantPlan $variant, $fixed, $keeps)
    {
        $named = array('name' => '1', 'meta_title' => '1');
        $languages = array_map('intval', Page::column($this->db->rows('SELECT `language_id` FROM ' . $this->db->table('product_description') . ' WHERE `product_id` = ' . (int)$id), 'language_id'));
        $override = array_fill_keys(array_diff(array_keys($variant->own->columns), array('quantity')), '1');
        $override += array('variant' => array_fill_keys(array_keys($fixed), '1'), 'product_description' => array_fill_keys($languages, $named));
        if ($keeps) {
            $stored = json_decode(html_entity_decode((string)$this->db->value('SELECT `override` FROM ' . $this->db->table('product') . ' WHERE `product_id` = ' . (int)$id), ENT_QUOTES, 'UTF-8'), true);
            $override += is_array($stored) ? $stored : array();
        }
        if ($variant->own->codes) {
            $override['product_code'] = '1';
        }
        $set = array('`master_id` = ' . (int)$master_id, '`variant` = ' . $this->db->quote(json_encode($fixed)), '`override` = ' . $this->db->quote(json_encode($override)), '`date_modified` = NOW()');
        foreach ($keeps ? array_diff_key($variant->own->columns, array('quantity' => 0, 'status' => 0)) : $variant->own->columns as $column => $value) {
            $set[] = '`' . $column . '` = ' . $this->db->quote((string)$value);
        }
        $this->db->run('UPDATE ' . $this->db->table('product') . ' SET ' . implode(', ', $set) . ' WHERE `product_id` = ' . (int)$id);
        $this->parts->put($id, $variant->own);
    }
}
